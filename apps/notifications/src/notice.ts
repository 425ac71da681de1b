/** Something to tell a shopper. */
export interface Notice {
  readonly noticeId: string;
  readonly orderId: string;
  readonly kind: 'CONFIRMED' | 'REJECTED' | 'CANCELLED';
  /** Sentences for the body of the mail, made when the event came. */
  readonly subject: string;
  readonly text: string;
  /** RFC 3339; absent until it was sent. */
  readonly sentAt?: string | undefined;
}
