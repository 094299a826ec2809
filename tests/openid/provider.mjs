// A real OpenID provider on loopback, with its own sign-in that asks nobody: whoever comes is the account that was set
// by /control. The first line of output is the port.
import { createPublicKey } from 'node:crypto';
import http from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(process.argv[2] + '/');
const { exportJWK, generateKeyPair } = await import(require.resolve('jose'));
const { Provider } = await import(require.resolve('oidc-provider'));

let issuer;
let handler;
let provider;
let login = { accountId: 'kari', acr: 'high' };
let settings;
let generation = 0;
const requests = [];

async function keys() {
  generation += 1;
  const made = ['RS256', 'PS256', 'ES256'].map(async (alg) => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: `${alg}-${generation}` };
  });
  return { keys: await Promise.all(made) };
}

// `settings.clients` are the metadata of clients (OpenID Connect Dynamic Client Registration 1.0, 2); `key` is a public key.
function client({ key, ...metadata }) {
  const jwks = key && { keys: [createPublicKey(key).export({ format: 'jwk' })] };
  return { response_types: ['code'], grant_types: ['authorization_code'], ...metadata, ...(jwks && { jwks }) };
}

async function start() {
  provider = new Provider(issuer, {
    clients: settings.clients.map(client),
    jwks: await keys(),
    acrValues: ['substantial', 'high'],
    claims: { acr: null, auth_time: null, iss: null, openid: ['sub'], email: ['email'] },
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    cookies: { keys: ['a key of tests'] },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      pushedAuthorizationRequests: { enabled: settings.par ?? true },
      rpInitiatedLogout: { enabled: true },
    },
    findAccount: (_, id) => ({
      accountId: id,
      // A mail address that somebody else has: nobody may be found by it.
      claims: async () => ({ sub: id, email: settings.email, email_verified: true }),
    }),
    // The calendar is on loopback, which the provider's own client refuses.
    fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    ttl: { Session: 3600, Grant: 3600, Interaction: 600, IdToken: 600, AccessToken: 600 },
  });
  provider.use(async (ctx, next) => {
    await next();
    const { route, client, params } = ctx.oidc ?? {};
    if (route) {
      const asked = Object.fromEntries(Object.entries(params ?? {}).filter(([, value]) => value !== undefined));
      requests.push({ route, status: ctx.status, auth: client?.clientAuthMethod, params: asked });
    }
  });
  for (const event of ['server_error', 'backchannel.error', 'grant.error', 'authorization.error']) {
    provider.on(event, (...all) => console.error(event, all.find((one) => one instanceof Error)));
  }
  provider.on('backchannel.success', (_, client) => requests.push({ route: 'logged_out', client: client.clientId }));
  handler = provider.callback();
}

async function interact(request, response) {
  const details = await provider.interactionDetails(request, response);
  if (login.error) {
    return provider.interactionFinished(request, response, { error: login.error, error_description: 'so it was set' });
  }
  if (details.prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  }
  const grant = new provider.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
  grant.addOIDCScope(details.params.scope);
  const grantId = await grant.save();
  return provider.interactionFinished(request, response, { consent: { grantId } }, { mergeWithLastSubmission: true });
}

async function control(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  const command = JSON.parse(text);
  if (command.login) ({ login } = command);
  if (command.settings) ({ settings } = command);
  // Again with other keys, as when a provider rotates them.
  if (command.settings || command.rotate) await start();
  return requests;
}

const server = http.createServer(async (request, response) => {
  try {
    if (request.url === '/control') {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(await control(request)));
    } else if (request.url.startsWith('/interaction/')) {
      await interact(request, response);
    } else {
      handler(request, response);
    }
  } catch (error) {
    console.error(error);
    response.writeHead(500).end(String(error));
  }
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  issuer = `http://127.0.0.1:${port}`;
  console.log(port);
});
process.stdin.on('end', () => process.exit()).resume();
