import { createHmac } from 'node:crypto';
import { signAddress } from './sign-address.ts';

const secret = 'a secret of sixteen';
const hmac = (text: string) => createHmac('sha256', secret).update(text).digest('hex');
const expires = new Date('2026-03-01T12:01:00.999Z');

describe('a signature', () => {
  it('is that of AWS’s solution', () => {
    const address = '/eyJidWNrZXQiOiJ2YWxpZEJ1Y2tldCIsImtleSI6InZhbGlkS2V5IiwiZWRpdHMiOnsidG9Gb3JtYXQiOiJwbmcifX0=';
    expect(signAddress(address, 'secret')).toBe(`${address}?signature=4d41311006641a56de7bca8abdbda91af254506107a2c7b338a13ca2fa95eac3`);
  });

  it.each([
    ['/a.jpg', '/a.jpg'],
    ['/300x0/filters:blur(3)/fruit%2F%C3%BC.jpg', '/300x0/filters:blur(3)/fruit%2F%C3%BC.jpg'],
    ['/a.jpg?width=200&format=webp', '/a.jpg?format=webp&width=200'],
    ['/a.jpg?fit=a%20b%2Bc', '/a.jpg?fit=a b+c'],
    ['/a.jpg?width=1&width=2', '/a.jpg?width=2'],
  ])('covers the path as it is sent, and the query sorted and not escaped: %s', (address, text) => {
    expect(new URL(signAddress(address, secret), 'http://images').searchParams.get('signature')).toBe(hmac(text));
  });

  it('covers the instant until which the address is good, to the second', () => {
    const signature = hmac('/a.jpg?expires=20260301T120100Z&width=200');
    expect(signAddress('/a.jpg?width=200', secret, { expires })).toBe(`/a.jpg?width=200&expires=20260301T120100Z&signature=${signature}`);
  });

  it('takes the place of an older one, as an instant does', () => {
    const once = signAddress('/a.jpg?width=200', secret, { expires: new Date('2025-01-01T00:00:00Z') });
    expect(signAddress(once, secret, { expires })).toBe(signAddress('/a.jpg?width=200', secret, { expires }));
  });

  it('does not cover what the service is deaf to', () => {
    expect(signAddress('/a.jpg?v=3&width=200', secret)).toBe(`/a.jpg?v=3&width=200&signature=${hmac('/a.jpg?width=200')}`);
  });

  it('leaves the address as it means it', () => {
    const { pathname, searchParams } = new URL(signAddress('//evil/%2F%3F.jpg?fit=a%20b%2Bc', secret), 'http://images/');
    expect([pathname, searchParams.get('fit')]).toEqual(['/%2F%3F.jpg', 'a b+c']);
  });

  it.each(['https://images.example.com/a.jpg', 'a.jpg', ''])('is refused for what is no path: %p', (address) => {
    expect(() => signAddress(address, secret)).toThrow(TypeError);
  });

  it('is refused without a secret, and for an instant that is none', () => {
    expect(() => signAddress('/a.jpg', '')).toThrow(TypeError);
    expect(() => signAddress('/a.jpg', secret, { expires: new Date('never') })).toThrow(RangeError);
    expect(() => signAddress('/a.jpg', secret, { expires: new Date(Date.UTC(10_000, 0)) })).toThrow(RangeError);
  });
});
