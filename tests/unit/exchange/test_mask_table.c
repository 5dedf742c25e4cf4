// What is hidden and what stays, row by row: the name or the shape, the place, the value.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/mask.h"
#include "harness.h"

// Values of no service: a key of chance, in base64, in hex, an id, and what people choose.
#define T "q8ZrT3vK1mWx7LdP2sYc9NhB4gJf"
#define B64 "mZk3l0Qp/8sT+Ue5RwXn1yVbA7cD2fGh4JiKoLtNqMs="
#define HEX "9f86d081884c7d659a2feaa0c55ad015"
#define UUID "3f2b8c1e-7a4d-4e9f-b6c2-91d0a5e8f374"
#define PW "hunter22"
#define JWT "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqbyJ9." T

#define JSON "application/json"
#define FORM "application/x-www-form-urlencoded"
#define XML "text/xml"
#define HTML "text/html"
#define YAML "application/yaml"
#define PLAIN "text/plain"
#define SSE "text/event-stream"
#define PARTS "multipart/form-data"

// Whether that URL, header or body shows `needle`; out of memory counts as shown.
static tskl_slice shown_of(tskl_test *t, const char *place, const char *text) {
    tskl_slice in = tskl_slice_of(text), out = {NULL, 0};
    tskl_secrets secrets = {0};
    tskl_headers headers;
    tskl_status status;
    if (strcmp(place, "url") == 0) {
        status = tskl_mask_url(NULL, in, t->arena, &out, &secrets, &t->err);
    } else if (strcmp(place, "header") == 0) {
        status = tskl_headers_parse(in, t->arena, &headers, &t->err);
        if (status == TSKL_OK)
            status = tskl_mask_headers(NULL, &headers, t->arena, &secrets, &t->err);
        if (status == TSKL_OK && headers.count) out = headers.items[0].value;
    } else {
        status = tskl_mask_body(NULL, tskl_slice_of(place), in, t->arena, &out, &secrets, &t->err);
    }
    return status == TSKL_OK ? out : in;
}

typedef struct row {
    const char *place, *text, *secret;
} row;

#define CHECK_HIDDEN(rows)                                                                         \
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {                                                \
        tskl_slice shown = shown_of(t, rows[i].place, rows[i].text);                               \
        CHECK_SAY(tskl_slice_search(shown, tskl_slice_of(rows[i].secret)) == SIZE_MAX,             \
                  "row %zu: %s\n  shows " TSKL_FMT, i, rows[i].text, TSKL_ARG(shown));             \
        CHECK_SAY(tskl_slice_search(shown, TSKL_S("***")) != SIZE_MAX ||                           \
                      tskl_slice_search(shown, TSKL_S("://")) != SIZE_MAX,                         \
                  "row %zu: " TSKL_FMT " lost more", i, TSKL_ARG(shown));                          \
    }

TEST(mask_table, hides_by_the_words_of_a_name_in_json) {
#define NAMED(name, value)                                                                         \
    { JSON, "{\"a\": 1, \"" name "\": \"" value "\"}", value }
    static const row rows[] = {
        NAMED("admin_password", PW),
        NAMED("smtpPassword", PW),
        NAMED("new-password", PW),
        NAMED("PASSWORD_CONFIRMATION", PW),
        NAMED("login.password", PW),
        NAMED("passwordHash", PW),
        NAMED("passwordconfirm", PW),
        NAMED("passwd2", PW),
        NAMED("passWord", PW),
        NAMED("sudo_pwd", PW),
        NAMED("smtp_pass", PW),
        NAMED("userpass", PW),
        NAMED("wifiPassphrase", PW),
        NAMED("pass_phrase", PW),
        NAMED("pin", PW),
        NAMED("card_pin", "4711"),
        NAMED("totp", "493021"),
        NAMED("sms_code", "493021"),
        NAMED("oneTimeCode", "493021"),
        NAMED("twoFactorCode", "493021"),
        NAMED("cvv2", "123"),
        NAMED("ccNumber", "4242424242424242"),
        NAMED("security_answer", "Rosebud"),
        NAMED("secretValue", PW),
        NAMED("SecretString", PW),
        NAMED("signing_secret", PW),
        NAMED("webhook_secret_v2", PW),
        NAMED("consumerSecret", PW),
        NAMED("api_secret_key", PW),
        NAMED("encryptionKey", PW),
        NAMED("licenseKey", PW),
        NAMED("x-api-key", PW),
        NAMED("APIKey", PW),
        NAMED("hapikey", PW),
        NAMED("api_key_2", PW),
        NAMED("secretkey", PW),
        NAMED("webhook_signing_key", PW),
        NAMED("deploy_key", T),
        NAMED("storage_key", B64),
        NAMED("TenantKey", HEX),
        NAMED("pushKey", UUID),
        NAMED("oauth2_token", PW),
        NAMED("personalAccessToken", PW),
        NAMED("botToken", PW),
        NAMED("inviteToken", T),
        NAMED("xsrfToken", PW),
        NAMED("csrfmiddlewaretoken", T),
        NAMED("ticket_token", T),
        NAMED("sessionId", T),
        NAMED("session_id", HEX),
        NAMED("seed_phrase", "a b c d"),
        NAMED("mnemonic", "a b c d"),
        NAMED("primaryConnectionString", "Endpoint=x"),
        NAMED("STORAGE_CONNECTION_STRING", "Endpoint=x"),
        NAMED("sentryDsn", PW),
        NAMED("codeVerifier", PW),
        NAMED("SAMLResponse", PW),
        NAMED("bearer", PW),
        NAMED("credential", PW),
        NAMED("proxyAuthorization", PW),
        NAMED("Cookie", PW),
        NAMED("auth", B64),
        NAMED("registry.auth", T),
        NAMED("user[0][password]", PW),
        NAMED("a_name_of_more_than_forty_seven_bytes_that_ends_as_a_password", PW),
    };
    CHECK_HIDDEN(rows);
}

TEST(mask_table, hides_numbers_of_passwords_pins_and_cards_alone) {
    static const row rows[] = {
        {JSON, "{\"pin\": 4711}", "4711"},
        {JSON, "{\"otp\": 493021}", "493021"},
        {JSON, "{\"card_number\": 4242424242424242}", "4242424242424242"},
        {JSON, "{\"card\": {\"number\": 4242424242424242}}", "4242424242424242"},
        {JSON, "{\"cvc\": 123}", "123"},
        {JSON, "{\"user_password\": 12345678}", "12345678"},
        {JSON, "{\"password\": {\"value\": 12345678}}", "12345678"},
        {JSON, "{\"mfa_code\": 493021", "493021"},
    };
    CHECK_HIDDEN(rows);
    static const char *const open[] = {
        "{\"prompt_tokens\": 4711, \"completion_tokens\": 12, \"total_tokens\": 4723}",
        "{\"max_token\": 4096, \"token\": 5, \"key\": 7, \"secret\": 12, \"api_key\": 5}",
        "{\"password\": null, \"pin\": true, \"otp\": false, \"session_id\": 42}",
        "{\"pass\": 12, \"fail\": 1, \"number\": 7, \"code\": 21211}",
    };
    for (size_t i = 0; i < TSKL_COUNT(open); i++)
        CHECK_TEXT(tskl_slice_of(open[i]), shown_of(t, JSON, open[i]));
}

TEST(mask_table, hides_by_the_shape_of_a_value) {
#define SHAPE(value)                                                                               \
    { JSON, "{\"x\": [\"" value "\"]}", T }
    static const row rows[] = {
        SHAPE("sk-proj-" T),
        SHAPE("sk-ant-api03-" T),
        SHAPE("gsk_" T),
        SHAPE("hf_" T),
        SHAPE("sk_live_" T),
        SHAPE("rk_test_" T),
        SHAPE("whsec_" T),
        SHAPE("ghp_" T),
        SHAPE("github_pat_" T),
        SHAPE("glpat-" T),
        SHAPE("xoxb-1234-" T),
        SHAPE("AIza" T),
        SHAPE("ya29." T),
        SHAPE("GOCSPX-" T),
        SHAPE("shpat_" T),
        SHAPE("SG." T "." T),
        SHAPE("npm_" T),
        SHAPE("pypi-" T),
        SHAPE("hvs." T),
        SHAPE("dop_v1_" T),
        SHAPE("lin_api_" T),
        SHAPE("ntn_" T),
        SHAPE("xkeysib-" T),
        SHAPE(JWT),
        SHAPE("pi_3OabCd_secret_" T),
        SHAPE("the key sk_live_" T " is bad"),
        SHAPE("\\nsk_live_" T),
        SHAPE("curl -H 'Authorization: Bearer " T "'"),
        {JSON, "{\"x\": \"AKIAIOSFODNN7EXAMPLE\"}", "IOSFODNN7"},
        {JSON, "{\"x\": \"1234567:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1\"}", "AAHdqTcv"},
        {JSON,
         "{\"k\": \"-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIIGlRFY+" T
         "\\n-----END EC PRIVATE KEY-----\"}",
         T},
        {PLAIN, "-----BEGIN OPENSSH PRIVATE KEY-----\n" T T "\n-----END OPENSSH PRIVATE KEY-----",
         T},
        {JSON, "{\"key\": \"sk-proj-" T "\"}", T},
        {JSON, "{\"key\": \"" T "\"}", T},
        {JSON, "{\"token\": \"" T "\"}", T},
        {JSON, "{\"data\": {\"user\": {\"token\": \"" UUID "\"}}}", UUID},
        {XML, "<a><b>ghp_" T "</b></a>", T},
        {PLAIN, "no such key: sk-proj-" T, T},
        {"url", "https://a.test/v1/keys/rk_live_" T, T},
        {"url", "https://a.test/v1/x?q=xoxp-12-" T, T},
        {"url", "https://a.test/v1/confirm/" JWT "/now", T},
        {"header", "x-note: ghs_" T "\r\n", T},
        {"header", "x-note: " JWT "\r\n", T},
        {FORM, "a=1&b=glpat-" T, T},
    };
    CHECK_HIDDEN(rows);
}

TEST(mask_table, hides_what_a_url_carries_however_it_is_written) {
    static const row rows[] = {
        {JSON, "{\"u\": \"https:\\/\\/a.test\\/x?access_token=" T "\"}", T},
        {JSON, "{\"u\": \"https://b.s3.test/k?X-Amz-Expires=60\\u0026X-Amz-Signature=" HEX "\"}",
         HEX},
        {JSON, "{\"u\": \"https://b.s3.test/k?x=1&amp;X-Amz-Signature=" HEX "\"}", HEX},
        {JSON, "{\"u\": \"see https://a.test/?sig=" T ".\"}", T},
        {JSON, "{\"u\": \"(https://a.test/?x=1&sig=" T ")\"}", T},
        {JSON, "{\"u\": \"HTTPS://A.test/?api_key=" T "\"}", T},
        {JSON, "{\"u\": \"/v1/next?access_token=" T "\"}", T},
        {JSON, "{\"u\": \"GET /v1/next?page=2&sig=" T " HTTP/1.1\"}", T},
        {JSON, "{\"u\": \"https://a.test/cb#access_token=" T "&x=1\"}", T},
        {JSON, "{\"u\": \"https://a.test/#/login?token=" T "\"}", T},
        {JSON, "{\"u\": \"postgres://app:" PW "@db.test:5432/x\"}", PW},
        {JSON, "{\"u\": \"redis://:" PW "@cache.test/0\"}", PW},
        {JSON, "{\"u\": \"amqps://u:" PW "@mq.test/v\"}", PW},
        {JSON, "{\"u\": \"mongodb+srv://u:" PW "@c0.test/x?w=majority\"}", PW},
        {JSON, "{\"u\": \"jdbc:postgresql://db.test/x?user=u&password=" PW "\"}", PW},
        {JSON, "{\"u\": \"jdbc:sqlserver://db.test:1433;user=sa;password=" PW "\"}", PW},
        {JSON, "{\"u\": \"https://ghp_x:" PW "@git.test/a.git\"}", PW},
        {JSON, "{\"u\": \"https:\\/\\/hooks.slack.com\\/services\\/T0\\/B0\\/" T "\"}", T},
        {JSON, "{\"e\": \"DATABASE_URL=postgres://u:" PW "@db.test/x\"}", PW},
        {JSON, "{\"c\": \"Server=db;User Id=sa;Password=" PW ";Encrypt=true\"}", PW},
        {JSON, "{\"c\": \"AccountName=a;AccountKey=" B64 ";EndpointSuffix=b\"}", "mZk3l0Qp"},
        {JSON, "{\"c\": \"host=db user=u password=" PW " dbname=x\"}", PW},
        {XML, "<u>https://a.test/?x=1&amp;sig=" T "&amp;y=2</u>", T},
        {HTML, "<!doctype html><a href=\"https://a.test/?x=1&amp;api_key=" T "\">x</a>", T},
        {PLAIN, "failed to connect to mysql://root:" PW "@127.0.0.1/x", PW},
        {"header", "link: <https://a.test/?page=2&access_token=" T ">; rel=\"next\"\r\n", T},
        {"header", "refresh: 5; url=https://a.test/?sig=" T "\r\n", T},
        {"header", "x-original-url: /v1/x?api_key=" T "\r\n", T},
        {"header", "x-forwarded-uri: /v1/x?a=1&password=" PW "\r\n", PW},
        {"header", "sourcemap: https://u:" PW "@a.test/x.map\r\n", PW},
    };
    CHECK_HIDDEN(rows);
}

TEST(mask_table, hides_in_queries_and_forms) {
    static const row rows[] = {
        {"url", "https://a.test/?license_key=" PW, PW},
        {"url", "https://a.test/?licenseKey=" PW, PW},
        {"url", "https://a.test/?appid=" HEX, HEX},
        {"url", "https://a.test/?PHPSESSID=" PW, PW},
        {"url", "https://a.test/x;jsessionid=" PW "?a=1", PW},
        {"url", "https://a.test/?a=b;token=" T ";c=d", T},
        {"url", "https://a.test/?password=a;" PW "&c=d", PW},
        {"url", "https://a.test/?auth[token][]=" T, T},
        {"url", "https://a.test/?tokens[]=" T, T},
        {"url", "https://a.test/?api%255Fkey=" T, T},
        {"url", "https://a.test/?user%255Bpassword%255D=" PW, PW},
        {"url", "https://a.test/?next=https%3A%2F%2Fb.test%2F%3Fa%3D1%26sig%3D" T, T},
        {"url", "https://a.test/?next=https%253A%252F%252Fb.test%252F%253Fsig%253D" T, T},
        {"url", "https://a.test/?q=%7B%22password%22:+%22" PW "%22%7D", PW},
        {"url", "https://a.test/?X-Goog-Credential=" T, T},
        {"url", "https://a.test/?Policy=x&Key-Pair-Id=" T, T},
        {"url", "https://a.test/?ticket=ST-" T, T},
        {"url", "/relative?access_token=" T, T},
        {FORM, "a=b&db_password=" PW, PW},
        {FORM, "a=b&passwordRepeat=" PW, PW},
        {FORM, "card%5Bcvc%5D=123", "=123"},
        {FORM, "payload=%7B%22user%22%3A%7B%22password%22%3A%22" PW "%22%7D%7D", PW},
        {FORM, "payload=%7B%22password%22%3A%20%22" PW "%22%2C%22otp%22%3A493021%7D", "493021"},
        {FORM, "redirect=%2Fcb%3Ftoken%3D" T, T},
        {FORM, "user_code=x&device_code=" PW, PW},
        {FORM, "key=sk_live_" T, T},
        {PLAIN, "user=jo&password=" PW, PW},
        {PLAIN, "password=" PW "&user=jo", PW},
        {FORM, "{\"password\": \"" PW "\"}", PW},
        {JSON, "<a><password>" PW "</password></a>", PW},
        {"", "grant_type=password&password=" PW, PW},
    };
    CHECK_HIDDEN(rows);
}

TEST(mask_table, hides_in_the_structures_of_json) {
    static const row rows[] = {
        {JSON, "{\"password\": [\"" PW "\"]}", PW},
        {JSON, "{\"api_keys\": [\"" T "\", \"" HEX "\"]}", HEX},
        {JSON, "{\"recovery_codes\": [\"abcd-1234\"]}", "abcd-1234"},
        {JSON, "{\"secrets\": [\"" PW "\"]}", PW},
        {JSON, "{\"secrets\": {\"db\": \"" T "\"}}", T},
        {JSON, "{\"cookies\": [{\"name\": \"sid\", \"value\": \"" T "\"}]}", T},
        {JSON, "{\"cookies\": {\"sid\": \"" T "\"}}", T},
        {JSON, "{\"password\": {\"value\": \"" PW "\", \"hidden\": true}}", PW},
        {JSON, "{\"apiKey\": {\"S\": \"" PW "\"}}", PW},
        {JSON, "{\"fields\": {\"password\": {\"stringValue\": \"" PW "\"}}}", PW},
        {JSON, "{\"password\": [{\"value\": \"" PW "\"}]}", PW},
        {JSON, "[{\"name\": \"DB_PASSWORD\", \"value\": \"" PW "\"}]", PW},
        {JSON, "[{\"value\": \"" PW "\", \"name\": \"DB_PASSWORD\"}]", PW},
        {JSON, "[{\"name\": \"X-Api-Key\", \"type\": \"s\", \"value\": \"" PW "\"}]", PW},
        {JSON, "[{\"ParameterKey\": \"DbPassword\", \"ParameterValue\": \"" PW "\"}]", PW},
        {JSON, "[{\"key\": \"access_token\", \"value\": \"" PW "\"}]", PW},
        {JSON, "[{\"Name\": \"Authorization\", \"Value\": \"Bearer " T "\"}]", T},
        {JSON, "{\"kind\": \"Secret\", \"stringData\": {\"url\": \"" PW "\"}}", PW},
        {JSON, "{\"data\": {\"a\": \"aHVudGVy\"}, \"kind\": \"Secret\"}", "aHVudGVy"},
        {JSON, "{\"kind\":\"SecretList\",\"items\":[{\"data\":{\"a\":\"aHVudGVy\"}}]}", "aHVudGVy"},
        {JSON, "{\"body\": \"{\\\"user\\\": \\\"u\\\", \\\"password\\\": \\\"" PW "\\\"}\"}", PW},
        {JSON, "{\"m\": \"{\\\"b\\\": \\\"{\\\\\\\"api_key\\\\\\\":\\\\\\\"" PW "\\\\\\\"}\\\"}\"}",
         PW},
        {JSON, "{\"m\": \"[{\\\"otp\\\": 493021}]\"}", "493021"},
        {JSON, "{\"m\": \"request was {\\\"password\\\":\\\"" PW "\\\"} and failed\"}", PW},
        {JSON, "{\"body\": \"user=u&password=" PW "&x=1\"}", PW},
        {JSON, "{\"query\": \"mutation { login(password: \\\"" PW "\\\") { id } }\"}", PW},
        {JSON, "{\"query\": \"mutation{login(input:{apiKey:\\\"" PW "\\\"}){id}}\"}", PW},
        {JSON, "{'password': '" PW "'}", PW},
        {JSON, "{password: '" PW "', user: 'u'}", PW},
        {JSON, "{\"a\": 1,} {\"user_password\": \"" PW "\"}", PW},
        {JSON, "{\"a\": \"x\", \"signing_secret\": \"" PW, PW},
        {JSON, "{\"a\": ?, \"passwords\": [\"" PW "\", \"x\"]}", PW},
        {JSON, "{\"\\u0061pi\\u005fkey\": \"" PW "\"}", PW},
        {"application/x-ndjson", "{\"a\":1}\n{\"temp_password\":\"" PW "\"}\n", PW},
        {JSON, "{\"error\": {\"request\": {\"api_key\": \"" PW "\"}}}", PW},
        {JSON, "{\"errors\": [{\"input\": {\"password\": \"" PW "\"}}]}", PW},
    };
    CHECK_HIDDEN(rows);
}

TEST(mask_table, hides_in_xml_html_and_documents_of_lines) {
    static const row rows[] = {
        {XML, "<a><password><![CDATA[" PW "]]></password></a>", PW},
        {XML, "<a><DbPassword type=\"x\">" PW "</DbPassword></a>", PW},
        {XML, "<a><password><value>" PW "</value></password></a>", PW},
        {XML, "<db user=\"u\" password=\"" PW "\"/>", PW},
        {XML, "<db user='u' password='" PW "'/>", PW},
        {XML, "<add key=\"ApiKey\" value=\"" PW "\" />", PW},
        {XML, "<add value=\"" PW "\" name=\"ApiKey\" />", PW},
        {XML, "<entry key=\"db.password\">" PW "</entry>", PW},
        {XML, "<m><name>password</name><value><string>" PW "</string></value></m>", PW},
        {XML, "<dict><key>apiToken</key><string>" PW "</string></dict>", PW},
        {XML, "<o:AuthToken>" PW "</o:AuthToken>", PW},
        {XML, "<Key>" T "</Key>", T},
        {XML, "<x><!-- password=\"" PW "\" --></x>", PW},
        {XML, "<x>{\"password\": \"" PW "\"}</x>", PW},
        {HTML, "<!doctype html><input name=\"csrf_token\" value=\"" PW "\">", PW},
        {HTML, "<html><input value='" PW "' type='password' name='x'>", PW},
        {HTML, "<html><meta name=\"csrf-token\" content=\"" T "\">", T},
        {HTML, "<html><script>var config = {\"apiKey\": \"" T "\"}</script>", T},
        {YAML, "db:\n  user: u\n  password: " PW "\n", PW},
        {YAML, "- name: x\n- api_key: \"" PW "\"\n", PW},
        {YAML, "{user: u, password: " PW ", x: 1}\n", PW},
        {PLAIN, "PASSWORD=" PW "\nUSER=u\n", PW},
        {PLAIN, "export AWS_SECRET_ACCESS_KEY=\"" B64 "\"\n", "mZk3l0Qp"},
        {PLAIN, "; config\nsmtp.password = " PW "\r\n", PW},
        {PLAIN, "GET / HTTP/1.1\r\nAuthorization: Basic dTpodW50ZXI=\r\n\r\n", "dTpodW50ZXI"},
        {"application/graphql", "mutation { login(password: \"" PW "\") { id } }", PW},
        {SSE, "data: {\"user\": \"u\",\ndata:  \"password\": \"" PW "\"}\n\n", PW},
        {SSE, "id: 1\ndata: {\"a\":\nid: 2\ndata: {\"api_key\":\"" PW "\"}}\n\n", PW},
        {SSE, "event: x\r\ndata: token=" T "\r\n\r\n", T},
        {SSE, "data: x\n\ndata: {\"password\":\"" PW "\"}", PW},
    };
    CHECK_HIDDEN(rows);
}

TEST(mask_table, hides_in_multipart_of_every_shape) {
#define HEAD "Content-Disposition: form-data; "
    static const row rows[] = {
        {PARTS, "--b\n" HEAD "name=\"password\"\n\n" PW "\n--b--\n", PW},
        {PARTS, "--b\r\n" HEAD "name=user_password\r\n\r\n" PW "\r\n--b--\r\n", PW},
        {PARTS, "--b\r\n" HEAD "name = 'password'\r\n\r\n" PW "\r\n--b--\r\n", PW},
        {PARTS, "see below\r\n\r\n--b\r\n" HEAD "name=\"otp\"\r\n\r\n493021\r\n--b--\r\n",
         "493021"},
        {PARTS, "--b\r\nContent-Type: text/plain\r\n" HEAD "name=\"token\"\r\n\r\n" T "\r\n--b--",
         T},
        {PARTS,
         "--b\r\n" HEAD "name=\"x\"\r\nContent-Type: application/json\r\n\r\n{\"password\":\"" PW
         "\"}\r\n--b--\r\n",
         PW},
        {PARTS, "--b\r\n" HEAD "name=\"x\"\r\n\r\n{\"api_key\":\"" PW "\"}\r\n--b--\r\n", PW},
        {PARTS,
         "--b\r\n" HEAD "name=\"f\"; filename=\".env\"\r\n\r\nA=1\nDB_PASSWORD=" PW
         "\n\r\n--b--\r\n",
         PW},
        {PARTS, "--b\r\n" HEAD "name=\"f\"; filename=\"x.yml\"\r\n\r\npassword: " PW "\r\n--b--",
         PW},
        {"multipart/mixed",
         "--b\r\nContent-Type: application/http\r\n\r\nGET /x?api_key=" T
         " HTTP/1.1\r\n\r\n--b--\r\n",
         T},
    };
    CHECK_HIDDEN(rows);
}

TEST(mask_table, hides_in_paths_by_place) {
    static const row rows[] = {
        {"url", "https://canary.discord.com/api/webhooks/123456789/" T, T},
        {"url", "https://ptb.discord.com/api/v10/webhooks/123456789/" T "/slack", T},
        {"url", "https://discord.com/api/v10/interactions/123456789/" T "/callback", T},
        {"url", "https://hooks.slack-gov.com/services/T0/B0/" T, T},
        {"url", "https://hook.eu1.make.com/" T, T},
        {"url", "https://acme.app.n8n.cloud/webhook/" PW, PW},
        {"url", "https://acme.app.n8n.cloud/webhook-test/" UUID, UUID},
        {"url", "https://hc-ping.com/" UUID "/fail", UUID},
        {"url", "https://api.telegram.org/bot123456:" T "/sendMessage", T},
        {"url", "https://api.telegram.org/file/bot123456:" T "/x.jpg", T},
        {"url", "https://acme.webhook.office.com/webhookb2/" UUID "@" UUID "/x", UUID},
        {"url", "https://events.pagerduty.com/integration/" HEX "/enqueue", HEX},
        {"url", "https://logs-01.loggly.com/inputs/" UUID "/tag/http/", UUID},
        {"url", "https://x.quiknode.pro/" HEX "/", HEX},
        {"url", "https://eth-mainnet.g.alchemy.com/v2/" T, T},
        {"url", "https://chat.acme.test/hooks/" HEX, HEX},
        {"url", "https://acme.test/account/reset-password/" T, T},
        {"url", "https://open.larksuite.com/open-apis/bot/v2/hook/" UUID, UUID},
        {JSON, "{\"url\": \"https://canary.discord.com/api/webhooks/123456789/" T "\"}", T},
    };
    CHECK_HIDDEN(rows);
}

// What a developer needs, by name: each with a value that a service really gives.
TEST(mask_table, keeps_the_names_that_say_what_happened) {
#define OPEN(name, value)                                                                          \
    { JSON, "{\"" name "\": \"" value "\"}", value }
    static const row rows[] = {
        OPEN("id", "pi_3OXk8v2eZvKYlo2C1gJb9kQw"),
        OPEN("payment_intent", "pi_3OXk8v2eZvKYlo2C1gJb"),
        OPEN("latest_charge", "ch_3MmlLrLkdIwHu7ix0snN0B15"),
        OPEN("customer", "cus_NffrFeUfNV2Hib"),
        OPEN("request_id", "req_8mbLWkTnCoPrBc"),
        OPEN("x-request-id", UUID),
        OPEN("requestId", "4442587FB7D0A2F9"),
        OPEN("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"),
        OPEN("next_page_token", "CAUQAA8xZmFsc2VfMTIzNDU2Nzg5"),
        OPEN("nextPageToken", T),
        OPEN("NextToken", T),
        OPEN("nextSyncToken", T),
        OPEN("NextContinuationToken", B64),
        OPEN("continuation_token", T),
        OPEN("pageToken", T),
        OPEN("cursor", T),
        OPEN("paging_token", "12884905984-q8ZrT3vK1mWx7"),
        OPEN("resumeToken", T),
        OPEN("$skiptoken", T),
        OPEN("stop_token", "<|endoftext|>"),
        OPEN("startToken", T),
        OPEN("next_cursor", "eyJpZCI6MTIzLCJkIjoibmV4dCJ9"),
        OPEN("after", "Y3Vyc29yOnYyOpHOABCD"),
        OPEN("idempotency_key", UUID),
        OPEN("Idempotency-Key", T),
        OPEN("ClientRequestToken", UUID),
        OPEN("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        OPEN("dedup_key", UUID),
        OPEN("partition_key", T),
        OPEN("PartitionKey", UUID),
        OPEN("sort_key", T),
        OPEN("primaryKey", T),
        OPEN("primary_key", UUID),
        OPEN("foreign_key", T),
        OPEN("cache_key", HEX),
        OPEN("cacheKey", T),
        OPEN("public_key", B64),
        OPEN("publicKey", T),
        OPEN("publishable_key", "pk_test_" T),
        OPEN("object_key", T),
        OPEN("objectKey", "photos/2026/11/" HEX ".jpg"),
        OPEN("s3_key", T),
        OPEN("Key", "photos/2026/11/cat.jpg"),
        OPEN("key", "PROJ-1234"),
        OPEN("key", HEX),
        OPEN("key", "uploads/" HEX "/a.png"),
        OPEN("issue_key", "PROJ-1234"),
        OPEN("lookup_key", "standard_monthly"),
        OPEN("translation_key", "errors.card.declined"),
        OPEN("i18nKey", "checkoutFlowStep2Title"),
        OPEN("surrogate_key", "post/1234"),
        OPEN("feature_key", "new-checkout-flow-2024"),
        OPEN("metric_key", "http.server.duration"),
        OPEN("mcp_session_id", UUID),
        OPEN("Mcp-Session-Id", T),
        OPEN("checkout_session_id", "cs_test_" T),
        OPEN("checkoutSessionId", T),
        OPEN("session_count", "12"),
        OPEN("token_type", "bearer"),
        OPEN("token_count", "512"),
        OPEN("key_id", "kid-2026-11"),
        OPEN("keyId", UUID),
        OPEN("access_key_id", "my-key"),
        OPEN("secret_name", "prod/db/main"),
        OPEN("secret_id", UUID),
        OPEN("SecretArn", "arn:aws:x"),
        OPEN("password_policy", "min 12 characters"),
        OPEN("password_changed_at", "2026-11-30"),
        OPEN("password_required", "yes"),
        OPEN("auth_type", "oauth2"),
        OPEN("auth_method", "pin_code"),
        OPEN("author", T),
        OPEN("authority", "login.example.com"),
        OPEN("passed", "yes"),
        OPEN("compass", T),
        OPEN("bypass", T),
        OPEN("monkey", T),
        OPEN("keyboard", T),
        OPEN("keywords", T),
        OPEN("pinned", "yes"),
        OPEN("spin", T),
        OPEN("shipping_code", "EXPRESS2026DELIVERY"),
        OPEN("country_code", "DE"),
        OPEN("postcode", "10115"),
        OPEN("barcode", "4006381333931"),
        OPEN("error_code", "card_declined"),
        OPEN("sid", "SM9f86d081884c7d659a2feaa0c55ad015"),
        OPEN("signature", B64),
        OPEN("state", T),
        OPEN("nonce", T),
        OPEN("etag", HEX),
        OPEN("sha256", HEX HEX),
        OPEN("client_id", T),
        OPEN("app_id", "app-1a2b3c4d5e6f7a8b9c0d"),
        OPEN("account_number", "DE89370400440532013000"),
        OPEN("fingerprint", "Xt5EWLLDS7FJjR1c"),
        OPEN("credentials", "include"),
        OPEN("session", "in_progress"),
        OPEN("auth", "none"),
        OPEN("token", "Hello"),
        OPEN("token", "unexpected_end"),
        OPEN("ticket", "TCK-2026-1A2B3C4D"),
        OPEN("cvc_check", "pass"),
        OPEN("pass_rate", "0.98"),
        OPEN("access", "read-write"),
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_TEXT(tskl_slice_of(rows[i].text), shown_of(t, JSON, rows[i].text));
}

TEST(mask_table, keeps_what_is_needed_of_urls_headers_and_forms) {
    static const row rows[] = {
        {"url", "https://a.test/repos/a/b/commits/9f86d081884c7d659a2feaa0c55ad015a1b2c3d4", ""},
        {"url", "https://a.test/v1/payment_intents/pi_3OXk8v2eZvKYlo2C1gJb9kQw/confirm", ""},
        {"url", "https://a.test/v1/webhooks/" UUID, ""},
        {"url", "https://www.make.com/en/integrations/" HEX, ""},
        {"url", "https://a.test/?page_token=" T "&pageSize=10", ""},
        {"url", "https://a.test/?continuation-token=" B64, ""},
        {"url", "https://a.test/?cursor=" T "&after=" T, ""},
        {"url",
         "https://b.s3.test/k?X-Amz-Date=20261130T204003Z&X-Amz-Expires=300"
         "&X-Amz-SignedHeaders=host&X-Amz-Algorithm=AWS4-HMAC-SHA256",
         ""},
        {"url", "https://a.test/?sort_key=created&partition_key=" T, ""},
        {"url", "https://a.test/?request_id=req_8mbLWkTnCoPrBc&id=" UUID, ""},
        {"url", "https://a.test/?client_id=" T "&response_type=code&scope=a%20b", ""},
        {"url", "https://a.test/?q=password&keyword=secret&author=" T, ""},
        {"url", "https://a.test/?ticket=1234", ""},
        {"header", "x-request-id: " UUID "\r\n", UUID},
        {"header", "idempotency-key: " T "\r\n", T},
        {"header", "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "dGhlIHNhbXBsZSBub25jZQ=="},
        {"header", "mcp-session-id: " T "\r\n", T},
        {"header", "x-ratelimit-remaining-tokens: 149984\r\n", "149984"},
        {"header", "access-control-allow-credentials: true\r\n", "true"},
        {"header", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n",
         "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
        {"header", "link: <https://a.test/?page_token=" T ">; rel=\"next\"\r\n",
         "<https://a.test/?page_token=" T ">; rel=\"next\""},
        {"header", "www-authenticate: Bearer realm=\"x\", error=\"invalid_token\"\r\n",
         "Bearer realm=\"x\", error=\"invalid_token\""},
        {"header", "etag: W/\"" HEX "\"\r\n", "W/\"" HEX "\""},
        {"header", "content-type: multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk\r\n",
         "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk"},
        {FORM, "grant_type=authorization_code&token_type_hint=refresh_token&client_id=" T, ""},
        {FORM, "key=uploads/2026/cat.png&success_action_status=201", ""},
        {FORM, "payment_method=pm_1MqLiJLkdIwHu7ixUEgbFdYF&amount=2000", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const char *kept = rows[i].secret[0] ? rows[i].secret : rows[i].text;
        CHECK_TEXT(tskl_slice_of(kept), shown_of(t, rows[i].place, rows[i].text));
    }
}

TEST(mask_table, keeps_sentences_and_codes_about_a_secret) {
    static const char *const rows[] = {
        "{\"errors\": {\"password\": [\"is too short\", \"invalid\"], \"token\": [\"has expired\"]}}",
        "{\"password\": [\"This password is too common.\"]}",
        "{\"errors\": {\"password\": \"too_short\", \"api_key\": \"required\"}}",
        "{\"error\": {\"code\": \"invalid_api_key\", \"message\": \"Incorrect API key: sk-***\"}}",
        "{\"message\": \"password: must have 12 characters\"}",
        "{\"message\": \"The token is missing; send Authorization: Bearer <token>\"}",
        "{\"message\": \"secret=undefined, api_key=null\"}",
        "{\"detail\": [{\"loc\": [\"body\", \"password\"], \"msg\": \"field required\"}]}",
        "{\"secrets\": [{\"name\": \"GH_TOKEN\", \"created_at\": \"2026-11-30T20:40:03Z\"}]}",
        "{\"name\": \"password\", \"message\": \"too short\", \"type\": \"string\"}",
        "{\"kind\": \"ConfigMap\", \"data\": {\"url\": \"value\"}}",
        "{\"cert\": \"-----BEGIN CERTIFICATE-----\\nMIIB" T "\\n-----END CERTIFICATE-----\"}",
        "{\"logprobs\": {\"tokens\": [\"Hello\", \" world\"], \"token\": \" a\"}}",
        "{\"image\": \"" B64 B64 "\"}",
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_TEXT(tskl_slice_of(rows[i]), shown_of(t, JSON, rows[i]));
}

TEST(mask_table, shows_a_masked_text_as_it_is) {
    static const row rows[] = {
        {JSON,
         "{\"password\": \"" PW "\", \"u\": \"https:\\/\\/a.test\\/?sig=" T "\", \"n\": "
         "\"{\\\"otp\\\":493021}\", \"k\": \"ghp_" T "\", \"j\": [\"" JWT "\"]}",
         ""},
        {FORM, "p=%7B%22otp%22%3A1234%7D&a=b;token=" T "&x=https%3A%2F%2Fu%3Ap%40a%2F", ""},
        {XML, "<a p='x'><password><![CDATA[" PW "]]></password><x token=\"" T "\"/></a>", ""},
        {YAML, "password: " PW "\napi_key: '" T "'\nu: redis://:" PW "@a\n", ""},
        {SSE, "data: {\"user\": \"u\",\ndata: \"password\": \"" PW "\"}\n\n", ""},
        {"url", "https://u:p@a.test/hooks/" HEX "?a=1;sig=" T "&n=%2Fx%3Ftoken%3D" T, ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice once = shown_of(t, rows[i].place, rows[i].text);
        const char *text = tskl_arena_cstr(t->arena, once);
        CHECK(text != NULL);
        CHECK_TEXT(once, shown_of(t, rows[i].place, text));
    }
}
