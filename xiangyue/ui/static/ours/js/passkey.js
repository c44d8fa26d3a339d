/* Shows what only a browser that knows passkeys can do. */
if (window.PublicKeyCredential) {
  document.querySelectorAll("form#passkey[hidden]").forEach((form) => { form.hidden = false; });
}
