// An OpenID provider on loopback that says whatever a test wants: tokens with other claims, headers and keys, and other
// answers than the specification allows. A real one doesn't misbehave. The first line of output is the port.
import http from 'node:http';
import { createHmac, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(process.argv[2] + '/');
const { CompactSign, exportJWK, exportSPKI, generateKeyPair } = await import(require.resolve('jose'));

const pair = async (alg) => generateKeyPair(alg, { extractable: true });
const known = { RS256: await pair('RS256'), ES256: await pair('ES256') };
const unknown = { RS256: await pair('RS256'), ES256: await pair('ES256') };
const published = { keys: [] };
for (const alg of Object.keys(known)) {
  published.keys.push({ ...(await exportJWK(known[alg].publicKey)), kid: alg, alg, use: 'sig' });
}
const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

let issuer;
let behaviour = {};
const codes = new Map();
const requests = [];

const now = () => Math.floor(Date.now() / 1000);

// Signs claims. `key` is "known", "unknown", "none" (no signature) or "public" (HMAC with the published key).
async function sign({ header = {}, claims = {}, key = 'known', drop = [] }, base) {
  const all = { ...base, ...claims };
  for (const name of drop) delete all[name];
  const full = { alg: 'RS256', kid: 'RS256', ...header };
  for (const [name, value] of Object.entries(full)) if (value === null) delete full[name];
  const start = `${encode(full)}.${encode(all)}`;
  if (key === 'none') return `${start}.`;
  if (key === 'public') {
    const pem = await exportSPKI(known.RS256.publicKey);
    return `${start}.${createHmac('sha256', pem).update(start).digest('base64url')}`;
  }
  const from = key === 'unknown' ? unknown : known;
  const algorithm = full.alg in from ? full.alg : 'RS256';
  const token = await new CompactSign(Buffer.from(JSON.stringify(all)))
    .setProtectedHeader({ ...full, alg: algorithm })
    .sign(from[algorithm].privateKey);
  return token;
}

async function answer(request, url, body) {
  const of = behaviour[url.pathname] ?? {};
  if (of.delay) await new Promise((done) => setTimeout(done, of.delay));
  if (of.status) return { status: of.status, json: of.json ?? { error: 'so it was set' } };
  switch (url.pathname) {
    case '/.well-known/openid-configuration':
      return {
        json: {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256', 'ES256'],
          token_endpoint_auth_methods_supported: ['client_secret_basic'],
          authorization_response_iss_parameter_supported: true,
          ...of.json,
        },
      };
    case '/jwks':
      return { json: { ...published, ...of.json } };
    case '/authorize': {
      const code = randomBytes(8).toString('hex');
      codes.set(code, url.searchParams);
      const back = new URL(url.searchParams.get('redirect_uri'));
      const said = { code, state: url.searchParams.get('state'), iss: issuer, ...of.query };
      for (const [name, value] of Object.entries(said)) if (value !== null) back.searchParams.set(name, value);
      return { status: 302, location: back.href };
    }
    case '/token': {
      const asked = codes.get(new URLSearchParams(body).get('code'));
      codes.delete(new URLSearchParams(body).get('code'));
      const base = {
        iss: issuer,
        sub: 'mallory',
        aud: asked?.get('client_id'),
        nonce: asked?.get('nonce'),
        acr: 'high',
        sid: 'session-1',
        iat: now(),
        exp: now() + 300,
      };
      const id_token = await sign(behaviour.token ?? {}, base);
      return { json: { access_token: 'access', token_type: 'Bearer', expires_in: 300, id_token, ...of.json } };
    }
    case '/control': {
      const command = JSON.parse(body);
      if (command.behaviour) ({ behaviour } = command);
      if (command.mint) {
        const base = {
          iss: issuer,
          aud: 'calendar',
          iat: now(),
          exp: now() + 120,
          jti: randomBytes(8).toString('hex'),
          events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
        };
        return { json: { token: await sign(command.mint, base) } };
      }
      return { json: requests };
    }
    default:
      return { status: 404, json: {} };
  }
}

const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const url = new URL(request.url, issuer);
  if (url.pathname !== '/control') requests.push({ path: url.pathname, body });
  try {
    const { status = 200, json, location } = await answer(request, url, body);
    if (location) response.setHeader('Location', location);
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(json ?? {}));
  } catch (error) {
    console.error(error);
    response.writeHead(500).end(String(error));
  }
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  console.log(server.address().port);
});
process.stdin.on('end', () => process.exit()).resume();
