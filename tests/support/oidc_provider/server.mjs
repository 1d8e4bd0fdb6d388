// The independent provider of the sign-in tests: npm oidc-provider, certified by the OpenID Foundation. One issuer for
// each shape, all in this process and in memory. Everything about them comes as JSON in PROVIDERS; "ready" is printed
// when all of them answer.
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { generateKeyPair, exportJWK } from 'jose';

const { providers, origin } = JSON.parse(process.env.PROVIDERS);

async function signingKey(alg) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  return { ...(await exportJWK(privateKey)), use: 'sig', alg, kid: randomBytes(8).toString('hex') };
}

function page(title, body) {
  return `<!DOCTYPE html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`;
}

async function start({ name, port, alg, claims, client }) {
  const issuer = `http://localhost:${port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: client.id,
      redirect_uris: [`${origin}/auth/callback/${name}`],
      post_logout_redirect_uris: [`${origin}/auth/signed-out`],
      backchannel_logout_uri: `${origin}/auth/backchannel/${name}`,
      backchannel_logout_session_required: true,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: client.key.alg,
      jwks: { keys: [client.key] },
      id_token_signed_response_alg: alg,
      grant_types: ['authorization_code'],
      response_types: ['code'],
    }],
    jwks: { keys: [await signingKey(alg)] },
    enabledJWA: {
      idTokenSigningAlgValues: [alg],
      clientAuthSigningAlgValues: [client.key.alg],
    },
    clientAuthMethods: ['private_key_jwt'],
    cookies: {
      keys: [randomBytes(16).toString('hex')],
      names: { session: `op_${port}_session`, interaction: `op_${port}_interaction`, resume: `op_${port}_resume` },
    },
    claims: { openid: ['sub'], all: Object.keys(claims) },
    scopes: ['openid', 'all'],
    conformIdTokenClaims: false,
    extraParams: ['vtr'],
    acrValues: ['AAL2_OR_AAL3_ANY'],
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        async logoutSource(ctx, form) {
          ctx.body = page('Sign out?', form.replace('</form>', '<button name="logout" value="yes">Yes</button></form>'));
        },
      },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    async findAccount(_ctx, sub) {
      return { accountId: sub, claims: async () => ({ sub, ...claims }) };
    },
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid all');
      await grant.save();
      return grant;
    },
    // By itself it does not fetch from this machine, where the portal of the tests is.
    fetch: (url, { dispatcher: _dispatcher, ...options }) => globalThis.fetch(url, options),
    ttl: { Session: 600, Interaction: 600, Grant: 600, IdToken: 300, AccessToken: 300, AuthorizationCode: 60 },
    renderError: async (ctx, out) => { ctx.body = JSON.stringify(out); },
  });
  const answer = provider.callback();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, issuer);
    if (!url.pathname.startsWith('/interaction/')) return answer(request, response);
    try {
      const { prompt } = await provider.interactionDetails(request, response);
      const chosen = url.searchParams.get('person');
      if (chosen === null) {
        response.setHeader('content-type', 'text/html');
        return response.end(page('Who are you?', `<form><label>Person <input name="person"></label><button>Sign in</button></form> ${prompt.name}`));
      }
      const result = chosen === ''
        ? { error: 'access_denied', error_description: 'ConsentNotGiven' }
        : { login: { accountId: chosen, acr: claims.acr, amr: ['pwd'] } };
      return await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } catch (error) {
      response.statusCode = 500;
      return response.end(String(error));
    }
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
}

await Promise.all(providers.map(start));
console.log('ready');
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));  // gone with whoever started it
