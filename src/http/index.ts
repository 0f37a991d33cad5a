/** Answers what the gateway itself is asked: guards, bodies, problems, assets and page frames, for every room that does. */
export { type Accent, type AccentColours, contrast, deriveAccent, styleWith } from './accent.ts';
export {
  type AssetFiles,
  assetBase,
  type Build,
  readAssets,
  readBuild,
  serveAssets,
} from './assets.ts';
export { browserName } from './browser-name.ts';
export { type Credential, type Delivery, readCredential, readPlainCookie } from './credentials.ts';
export { InvalidBody } from './invalid-body.ts';
export { readJson } from './json-body.ts';
export { isNavigation, isOwnNavigation, languageOf } from './navigation.ts';
export { type ApiDocument, type DescribedCall, describeApi } from './open-api.ts';
export { createPageAssets, type PageAssets } from './page-assets.ts';
export { type HeadInput, pageHead, pagePolicy } from './page-head.ts';
export { apiHeaders, assetHeaders, pageHeaders } from './page-headers.ts';
export { escapeHtml, escapeJson, safeLink } from './page-html.ts';
export { markSvg } from './page-mark.ts';
export { pageStyle, palette } from './page-style.ts';
export { prefix } from './prefix.ts';
export { type ProblemFacts, problemReply } from './problem.ts';
export type { ProblemAnswer } from './problem-answer.ts';
export { rejectCrossOrigin } from './reject-cross-origin.ts';
export { createRenderErrors, type FailureLog } from './render-errors.ts';
export { giveReply, type Reply, redirectTo, sendReply } from './reply.ts';
export { dropCookie, setCookie } from './set-cookie.ts';
export { type AddressOf, requestOrigin, visitorOf } from './visitor-of.ts';
