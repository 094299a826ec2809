//! A simulated S3 service for backups: one bucket, in memory.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// The bucket `calendar`. Its service ends with the test program.
pub struct Bucket {
    pub endpoint: String,
    objects: Objects,
}

/// A request.
struct Asked {
    method: String,
    /// The key, without the bucket.
    key: String,
    query: String,
    signed: bool,
    body: Vec<u8>,
}

impl Bucket {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let objects = Objects::default();
        let shared = Arc::clone(&objects);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let objects = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &objects));
            }
        });
        let endpoint = format!("http://127.0.0.1:{port}");
        Self { endpoint, objects }
    }

    /// Returns the environment variables that configure a program for it.
    pub fn environment(&self) -> [(&'static str, String); 5] {
        [
            ("AWS_ENDPOINT", self.endpoint.clone()),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "eu-north-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "somebody".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "a secret for tests".to_owned()),
        ]
    }

    /// Stores an object.
    pub fn put(&self, key: &str, bytes: &[u8]) {
        let mut objects = self.objects.lock().expect("no thread panicked");
        objects.insert(key.to_owned(), bytes.to_vec());
    }

    /// Returns the objects, without unfinished uploads.
    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        let objects = self.objects.lock().expect("no thread panicked").clone();
        objects
            .into_iter()
            .filter(|(key, _)| !key.contains('#'))
            .collect()
    }
}

fn serve(stream: TcpStream, objects: &Objects) {
    let mut input = BufReader::new(stream.try_clone().expect("a socket can be shared"));
    let mut output = stream;
    while let Some(asked) = read(&mut input) {
        let (status, headers, body) = answer(&asked, objects);
        let length = if asked.method == "HEAD" {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", body.len())
        };
        let head = format!("HTTP/1.1 {status} x\r\n{length}{headers}\r\n");
        if output
            .write_all(&[head.into_bytes(), body].concat())
            .is_err()
        {
            return;
        }
    }
}

fn read(input: &mut impl BufRead) -> Option<Asked> {
    let mut first = String::new();
    input
        .read_line(&mut first)
        .ok()
        .filter(|count| *count > 0)?;
    let mut words = first.split_ascii_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let key = path.strip_prefix("/calendar").unwrap_or_default();
    let key = key.trim_start_matches('/').to_owned();
    let query = query.replace("%2F", "/");
    let (mut length, mut signed) = (0, false);
    loop {
        let mut line = String::new();
        input.read_line(&mut line).ok()?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        signed |= line.starts_with("authorization: aws4-hmac-sha256 credential=somebody/");
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body).ok()?;
    Some(Asked {
        method,
        key,
        query,
        signed,
        body,
    })
}

fn object_headers() -> String {
    "ETag: \"x\"\r\nLast-Modified: Mon, 01 Mar 2027 08:00:00 GMT\r\n".to_owned()
}

fn answer(asked: &Asked, objects: &Objects) -> (u16, String, Vec<u8>) {
    let mut objects = objects.lock().expect("no thread panicked");
    let (key, query) = (&asked.key, asked.query.as_str());
    let named = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(value, _)| *value == name)
            .map(|(_, value)| value.to_owned())
    };
    let done = |body: String| (200, "ETag: \"x\"\r\n".to_owned(), body.into_bytes());
    if !asked.signed {
        return (403, String::new(), Vec::new());
    }
    match asked.method.as_str() {
        "GET" if named("list-type").is_some() => {
            let prefix = named("prefix").unwrap_or_default();
            done(listing(&objects, &prefix, named("delimiter").is_some()))
        }
        "GET" => match objects.get(key) {
            Some(bytes) => (200, object_headers(), bytes.clone()),
            None => (404, String::new(), Vec::new()),
        },
        "HEAD" => match objects.get(key) {
            Some(bytes) => {
                let length = format!("Content-Length: {}\r\n", bytes.len());
                (200, object_headers() + &length, Vec::new())
            }
            None => (404, "Content-Length: 0\r\n".to_owned(), Vec::new()),
        },
        "POST" if query.starts_with("uploads") => done(format!(
            "<InitiateMultipartUploadResult><Bucket>calendar</Bucket><Key>{key}</Key>\
             <UploadId>7</UploadId></InitiateMultipartUploadResult>"
        )),
        "PUT" => {
            let part = named("partNumber").map_or(key.clone(), |n| format!("{key}#{n:0>5}"));
            objects.insert(part, asked.body.clone());
            done(String::new())
        }
        "POST" if query.starts_with("delete") => {
            let text = String::from_utf8_lossy(&asked.body).into_owned();
            let keys = text
                .split("<Key>")
                .skip(1)
                .filter_map(|part| part.split('<').next());
            let keys: Vec<_> = keys.map(str::to_owned).collect();
            let mut body = "<DeleteResult>".to_owned();
            for key in keys {
                objects.remove(&key);
                write!(body, "<Deleted><Key>{key}</Key></Deleted>").expect("a string");
            }
            done(body + "</DeleteResult>")
        }
        "POST" => {
            let parts = objects.range(format!("{key}#")..format!("{key}$"));
            let parts: Vec<_> = parts
                .map(|(part, bytes)| (part.clone(), bytes.clone()))
                .collect();
            let whole = parts.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
            for (part, _) in parts {
                objects.remove(&part);
            }
            objects.insert(key.clone(), whole);
            done(format!(
                "<CompleteMultipartUploadResult><Key>{key}</Key><ETag>\"x\"</ETag>\
                 </CompleteMultipartUploadResult>"
            ))
        }
        "DELETE" => {
            objects.remove(key);
            (204, String::new(), Vec::new())
        }
        other => panic!("a backup asks for {other} {key}?{query}"),
    }
}

/// Lists the keys with a prefix; with a delimiter, only those without a further `/`.
fn listing(objects: &BTreeMap<String, Vec<u8>>, prefix: &str, delimited: bool) -> String {
    let mut body = "<ListBucketResult><IsTruncated>false</IsTruncated>".to_owned();
    let mut folders = std::collections::BTreeSet::new();
    for (key, bytes) in objects {
        let Some(rest) = key.strip_prefix(prefix) else {
            continue;
        };
        if let (true, Some((folder, _))) = (delimited, rest.split_once('/')) {
            folders.insert(folder);
            continue;
        }
        let size = bytes.len();
        write!(
            body,
            "<Contents><Key>{key}</Key><Size>{size}</Size><ETag>\"x\"</ETag>\
             <LastModified>2027-03-01T08:00:00.000Z</LastModified></Contents>"
        )
        .expect("a string");
    }
    for folder in folders {
        write!(
            body,
            "<CommonPrefixes><Prefix>{prefix}{folder}/</Prefix></CommonPrefixes>"
        )
        .expect("a string");
    }
    body + "</ListBucketResult>"
}
