// A Pack made with Extism's kit for Rust, and one export for each other thing the kit can do.
// SPDX-License-Identifier: Apache-2.0
use extism_pdk::*;
use serde_json::{json, Value};

#[plugin_fn]
pub fn pre(Json(input): Json<Value>) -> FnResult<Json<Value>> {
    let path = &input["request"]["path"];
    Ok(Json(json!({"capture": {"path": path}, "context": {"path": path}})))
}

#[plugin_fn]
pub fn post(Json(input): Json<Value>) -> FnResult<Json<Value>> {
    let error = &input["response"]["body"]["error"];
    let mut capture = serde_json::Map::new();
    for name in ["code", "doc_url"] {
        if let Some(text) = error[name].as_str() {
            capture.insert(format!("error.{name}"), text.into());
        }
    }
    capture.insert("told".into(), input["context"]["path"].clone());
    Ok(Json(json!({"capture": capture})))
}

#[plugin_fn]
pub fn reflect(input: Vec<u8>) -> FnResult<Vec<u8>> {
    Ok(input)
}

#[plugin_fn]
pub fn config_get(key: String) -> FnResult<String> {
    Ok(config::get(&key)?.unwrap_or("none".into()))
}

#[plugin_fn]
pub fn vars(input: String) -> FnResult<String> {
    let before: Option<String> = var::get("kept")?;
    var::set("kept", &input)?;
    let kept: Option<String> = var::get("kept")?;
    var::remove("kept")?;
    let after: Option<String> = var::get("kept")?;
    Ok(format!("{before:?} {kept:?} {after:?}"))
}

#[plugin_fn]
pub fn logs(input: String) -> FnResult<()> {
    info!("info {input}");
    warn!("warn {input}");
    error!("error {input}");
    Ok(())
}

#[plugin_fn]
pub fn http_get(url: String) -> FnResult<String> {
    let response = http::request::<()>(&HttpRequest::new(url).with_header("x-kit", "rust"), None)?;
    let kind = response.headers().get("content-type").cloned().unwrap_or_default();
    let body = String::from_utf8_lossy(&response.body()).into_owned();
    Ok(format!("{} {kind} {body}", response.status_code()))
}

#[plugin_fn]
pub fn fails(input: String) -> FnResult<()> {
    Err(WithReturnCode::new(Error::msg(format!("failed at {input}")), 7))
}

#[plugin_fn]
pub fn panics(_: ()) -> FnResult<()> {
    panic!("no")
}
