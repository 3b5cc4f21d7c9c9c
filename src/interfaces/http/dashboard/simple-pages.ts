import { type Html, html } from "./html.ts";

/** Asks for a token. `wrong`: the last one was not known. */
export function signInPage(to: string, wrong: boolean): Html {
  return html`<section class="sign-in"><h1>Sign in</h1>
<form method="post" action="/sign-in">
<input type="hidden" name="to" value="${to}">
<label for="token">Token</label>
<input id="token" name="token" type="password" required autocomplete="current-password" aria-describedby="token-help"${wrong ? html` aria-invalid="true"` : ""}>
<p id="token-help" class="soft">The secret of an entry in OPSAGENT_HTTP_TOKENS. What you answer is kept under that entry's name.</p>
${wrong ? html`<p class="refused" role="alert">This token is not known here.</p>` : ""}
<button>Sign in</button>
</form></section>`;
}

export function messagePage(title: string, ...lines: readonly string[]): Html {
  return html`<section class="empty"><h1>${title}</h1>${lines.map((line) => html`<p>${line}</p>`)}<p><a href="/">All incidents</a></p></section>`;
}
