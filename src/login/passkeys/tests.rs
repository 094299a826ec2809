//! Hostile parts of what browsers send.

use ciborium::cbor;
use proptest::collection::vec;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::authenticator_data::{AuthenticatorData, cbor as read_cbor};
use super::client_data::{self, Ceremony};
use super::{PasskeyRefusal, RelyingParty};
use calendar_domain::Base64Url;

fn party() -> RelyingParty {
    RelyingParty {
        id: "example.no".to_owned(),
        origin: "https://example.no".to_owned(),
    }
}

/// Returns authenticator data with these flags, a new passkey and extensions.
fn data(flags: u8) -> Vec<u8> {
    // The base point of P-256 (SEC 2, 2.4.2).
    let bytes = |digits: &str| ciborium::Value::Bytes(hex::decode(digits).unwrap());
    let x = bytes("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
    let y = bytes("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
    let key = cbor!({ 1 => 2, 3 => -7, -1 => 1, -2 => x, -3 => y });
    let key = key.unwrap();
    let mut data = Sha256::digest("example.no").to_vec();
    data.push(flags);
    data.extend([0, 0, 0, 9]);
    data.extend([0; 16]);
    data.extend([0, 3]);
    data.extend(b"key");
    ciborium::into_writer(&key, &mut data).unwrap();
    ciborium::into_writer(&cbor!({ "credProps" => true }).unwrap(), &mut data).unwrap();
    data
}

#[test]
fn a_new_passkey_is_read_with_what_follows_it() {
    let read = AuthenticatorData::read(&data(0b1100_0101), &party()).unwrap();
    assert_eq!(read.sign_count, 9);
    assert_eq!(read.credential.unwrap().0.as_bytes(), b"key");
    // Every shorter one is refused, and so is a longer one.
    let whole = data(0b1100_0101);
    for end in 0..whole.len() {
        let cut = AuthenticatorData::read(&whole[..end], &party());
        assert_eq!(cut.unwrap_err(), PasskeyRefusal::Malformed, "{end}");
    }
    let longer = [whole.as_slice(), &[0]].concat();
    assert!(AuthenticatorData::read(&longer, &party()).is_err());
    // Without its flag, what follows is not expected.
    assert!(AuthenticatorData::read(&data(0b0000_0101), &party()).is_err());
}

#[test]
fn cbor_that_is_nested_or_announces_much_is_refused() {
    let deep = [vec![0x81; 10_000], vec![0]].concat();
    // An array, a text and bytes of 2⁶⁰ each.
    let [array, text, bytes] =
        [0x9b, 0x7b, 0x5b].map(|first| vec![first, 0x10, 0, 0, 0, 0, 0, 0, 0]);
    for hostile in [deep, array, text, bytes] {
        assert!(read_cbor(&mut hostile.as_slice()).is_err());
    }
}

#[test]
fn client_data_with_a_member_twice_or_of_another_kind_is_refused() {
    let challenge = Base64Url(vec![1, 2, 3]);
    let check =
        |json: &str| client_data::check(json.as_bytes(), Ceremony::Get, &challenge, &party());
    let right = r#""type":"webauthn.get","challenge":"AQID","origin":"https://example.no""#;
    assert_eq!(check(&format!("{{{right}}}")), Ok(()));
    assert_eq!(check(&format!("{{{right},\"later\":[1]}}")), Ok(()));
    for more in [
        r#","origin":"https://example.no""#,
        r#","crossOrigin":"false""#,
        r#","crossOrigin":true"#,
        r#","topOrigin":"https://example.no""#,
    ] {
        assert!(check(&format!("{{{right}{more}}}")).is_err(), "{more}");
    }
    for json in ["", "null", "[]", "{}", "{\"type\":1}"] {
        assert_eq!(check(json), Err(PasskeyRefusal::Malformed), "{json}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_readers_panic(random in vec(any::<u8>(), 0..400), at in 0_usize..200, flags: u8) {
        let _ = AuthenticatorData::read(&random, &party());
        let mut changed = data(flags);
        for (place, byte) in changed.iter_mut().skip(at).zip(&random) {
            *place ^= *byte;
        }
        let _ = AuthenticatorData::read(&changed, &party());
        let _ = read_cbor(&mut random.as_slice());
        let challenge = Base64Url(Vec::new());
        let _ = client_data::check(&random, Ceremony::Create, &challenge, &party());
    }
}
