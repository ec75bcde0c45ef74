/**
 * What an administrator can ask of a market; taken at the market's next cycle boundary, a kill at
 * once.
 */
export type AdminCommand =
  | { readonly kind: "kill"; readonly operator: string; readonly reason: string }
  | { readonly kind: "release"; readonly operator: string; readonly reason: string }
  | { readonly kind: "set_anchor"; readonly operator: string; readonly anchorPriceCents: number };
