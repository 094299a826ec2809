//! An authenticator in software, which signs whatever it is told.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::{Value as Cbor, cbor};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::person::{Person, hidden_fields};

/// User present, user verified.
pub const VERIFIED: u8 = 0b101;
/// A new credential follows.
const HAS_CREDENTIAL: u8 = 1 << 6;

enum PrivateKey {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

/// An authenticator with one passkey.
pub struct Authenticator {
    key: PrivateKey,
    pub id: Vec<u8>,
}

/// What it is asked, and what it claims. Tests change what they want to be wrong.
#[derive(Debug, Clone)]
pub struct Claims {
    /// Members of `clientDataJSON`.
    pub client: Value,
    pub host: String,
    pub flags: u8,
    pub count: u32,
    pub user: Vec<u8>,
}

/// Fields of a form.
pub type Fields = Vec<(&'static str, String)>;

pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    pub fn es256() -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        Self::with_key(PrivateKey::Es256(key))
    }

    /// Makes a key of 2048 bits or more.
    pub fn rs256(bits: u32) -> Self {
        let made = std::process::Command::new("openssl")
            .args([
                "genpkey",
                "-algorithm",
                "RSA",
                "-outform",
                "DER",
                "-pkeyopt",
            ])
            .arg(format!("rsa_keygen_bits:{bits}"))
            .output()
            .expect("openssl is there");
        let said = String::from_utf8_lossy(&made.stderr);
        // Versions of OpenSSL differ in the wrapper.
        let key = RsaKeyPair::from_der(&made.stdout);
        let key = key.or_else(|_| RsaKeyPair::from_pkcs8(&made.stdout));
        Self::with_key(PrivateKey::Rs256(
            key.unwrap_or_else(|error| panic!("{error} {said}")),
        ))
    }

    fn with_key(key: PrivateKey) -> Self {
        let id: [u8; 16] = ring::rand::generate(&SystemRandom::new()).unwrap().expose();
        Self {
            key,
            id: id.to_vec(),
        }
    }

    /// Returns the public key as COSE.
    pub fn cose_key(&self) -> Cbor {
        match &self.key {
            PrivateKey::Es256(key) => {
                let point = key.public_key().as_ref();
                let (x, y) = (
                    Cbor::Bytes(point[1..33].to_vec()),
                    Cbor::Bytes(point[33..].to_vec()),
                );
                cbor!({ 1 => 2, 3 => -7, -1 => 1, -2 => x, -3 => y }).unwrap()
            }
            PrivateKey::Rs256(key) => {
                let parts = PublicKeyComponents::<Vec<u8>>::from(key.public());
                rsa_key(parts.n, parts.e)
            }
        }
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            PrivateKey::Es256(key) => key.sign(&random, message).unwrap().as_ref().to_vec(),
            PrivateKey::Rs256(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .unwrap();
                signature
            }
        }
    }

    /// Returns a new passkey with a public key, as browsers send it.
    pub fn registration(&self, claims: &Claims, key: &Cbor) -> Fields {
        let mut data = authenticator_data(claims, claims.flags | HAS_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        ciborium::into_writer(key, &mut data).unwrap();
        let none = Cbor::Map(Vec::new());
        let object = cbor!({ "fmt" => "none", "attStmt" => none, "authData" => Cbor::Bytes(data) });
        let mut attestation = Vec::new();
        ciborium::into_writer(&object.unwrap(), &mut attestation).unwrap();
        vec![
            ("id", base64url(&self.id)),
            (
                "client_data",
                base64url(claims.client.to_string().as_bytes()),
            ),
            ("attestation", base64url(&attestation)),
        ]
    }

    /// Returns the answer to a challenge, as browsers send it.
    pub fn assertion(&self, claims: &Claims) -> Fields {
        let data = authenticator_data(claims, claims.flags);
        let client = claims.client.to_string();
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client));
        vec![
            ("id", base64url(&self.id)),
            ("client_data", base64url(client.as_bytes())),
            ("authenticator_data", base64url(&data)),
            ("signature", base64url(&self.signature(&signed))),
            ("user_handle", base64url(&claims.user)),
        ]
    }

    /// Adds the passkey to the account of a person. Returns the user handle.
    #[track_caller]
    pub fn add_to(&self, person: &mut Person) -> Vec<u8> {
        let asked = begin_adding(person);
        let claims = Claims::new("webauthn.create", &asked, person);
        let fields = self.registration(&claims, &self.cose_key());
        send(person, "/account", "/account/passkeys", &fields).ok();
        URL_SAFE_NO_PAD
            .decode(asked["user_id"].as_str().unwrap())
            .unwrap()
    }
}

/// Returns an RSA key as COSE.
pub fn rsa_key(n: Vec<u8>, e: Vec<u8>) -> Cbor {
    cbor!({ 1 => 3, 3 => -257, -1 => Cbor::Bytes(n), -2 => Cbor::Bytes(e) }).unwrap()
}

impl Claims {
    /// Returns what an honest browser says on a page of the site.
    pub fn new(kind: &str, asked: &Value, person: &Person) -> Self {
        let origin = person.origin.as_deref().unwrap();
        Self {
            client: json!({
                "type": kind,
                "challenge": asked["challenge"],
                "origin": origin,
                "crossOrigin": false,
            }),
            host: asked["rp_id"].as_str().unwrap().to_owned(),
            flags: VERIFIED,
            count: 0,
            user: Vec::new(),
        }
    }
}

fn authenticator_data(claims: &Claims, flags: u8) -> Vec<u8> {
    let mut data = Sha256::digest(&claims.host).to_vec();
    data.push(flags);
    data.extend(claims.count.to_be_bytes());
    data
}

/// Sends fields with the token of a page, as its script does.
#[track_caller]
pub fn send(
    person: &mut Person,
    page: &str,
    path: &str,
    fields: &[(&'static str, String)],
) -> super::Answer {
    let token = token_of(person, page);
    let own = fields.iter().map(|(name, value)| (*name, value.as_str()));
    let all: Vec<_> = [("token", token.as_str())].into_iter().chain(own).collect();
    person.post(path, &all)
}

/// Returns the token of a page.
#[track_caller]
pub fn token_of(person: &mut Person, page: &str) -> String {
    let html = person.get(page).ok();
    let hidden = hidden_fields(html.text(), page);
    let token = hidden.into_iter().find(|(name, _)| name == "token");
    token.expect("the page has a form").1
}

/// Asks for the challenge of a new passkey.
#[track_caller]
pub fn begin_adding(person: &mut Person) -> Value {
    send(person, "/account", "/account/passkeys/challenge", &[])
        .ok()
        .json()
}

/// Asks for the challenge of a sign-in.
#[track_caller]
pub fn begin_sign_in(person: &mut Person) -> Value {
    send(person, "/login", "/login/passkey/challenge", &[])
        .ok()
        .json()
}

/// Signs in with a passkey by these claims.
#[track_caller]
pub fn sign_in(person: &mut Person, fields: &[(&'static str, String)]) -> super::Answer {
    send(person, "/login", "/login/passkey", fields)
}
