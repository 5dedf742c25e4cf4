//! The attributes of `taskless-pdk`, which says how they are used.
// SPDX-License-Identifier: Apache-2.0
use proc_macro::{TokenStream, TokenTree};

/// Exports a function as the hook that is shown the request, before there is an answer.
#[proc_macro_attribute]
pub fn pre(_: TokenStream, function: TokenStream) -> TokenStream {
    export("pre", function)
}

/// Exports a function as the hook that is shown the whole call, once it has ended.
#[proc_macro_attribute]
pub fn post(_: TokenStream, function: TokenStream) -> TokenStream {
    export("post", function)
}

/// Exports a function as the hook that is shown the response's body, piece by piece.
#[proc_macro_attribute]
pub fn chunk(_: TokenStream, function: TokenStream) -> TokenStream {
    export("chunk", function)
}

/// The function as it is, and behind it what the host calls. Native code, of tests, has the same
/// without the exported name, so that it meets the same compiler errors.
fn export(hook: &str, function: TokenStream) -> TokenStream {
    let Some(name) = name_of(function.clone()) else {
        return format!("::core::compile_error!(\"#[{hook}] stands on a function\");")
            .parse()
            .unwrap();
    };
    let export = format!(
        "const _: () = {{
            #[allow(dead_code)]
            #[cfg_attr(target_family = \"wasm\", unsafe(export_name = \"{hook}\"))]
            extern \"C\" fn hook() -> i32 {{ ::taskless_pdk::run({name}) }}
        }};"
    );
    [function, export.parse().unwrap()].into_iter().collect()
}

/// The name behind `fn`; what stands in brackets before it is not looked into.
fn name_of(function: TokenStream) -> Option<String> {
    let mut words = function.into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    words.find(|word| word == "fn")?;
    words.next()
}
