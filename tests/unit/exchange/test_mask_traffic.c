// Answers and requests as services really have them: nothing of them is a secret, and all of it is
// needed by whoever looks for a reason.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/mask.h"
#include "harness.h"

static const struct {
    const char *type, *body;
} traffic[] = {
    // clang-format off
    // stripe
    {"application/json",
     "{\"id\": \"pi_3MtwBwLkdIwHu7ix28a3tqPa\", \"object\": \"payment_intent\", \"amount\": 20"
         "00, \"automatic_payment_methods\": {\"enabled\": true}, \"client_reference_id\": null, "
         "\"currency\": \"usd\", \"customer\": \"cus_NffrFeUfNV2Hib\", \"latest_charge\": \"ch_3Mm"
         "lLrLkdIwHu7ix0snN0B15\", \"last_payment_error\": {\"charge\": \"ch_3MmlLrLkdIwHu7ix0snN0"
         "B15\", \"code\": \"card_declined\", \"decline_code\": \"insufficient_funds\", \"doc_url"
         "\": \"https://stripe.com/docs/error-codes/card-declined\", \"message\": \"Your card has "
         "insufficient funds.\", \"payment_method\": {\"id\": \"pm_1MqLiJLkdIwHu7ixUEgbFdYF\", \"c"
         "ard\": {\"brand\": \"visa\", \"checks\": {\"cvc_check\": \"pass\", \"address_postal_code"
         "_check\": null}, \"fingerprint\": \"mToisGZ01V71BCos\", \"last4\": \"4242\", \"exp_month"
         "\": 8}}, \"type\": \"card_error\"}, \"metadata\": {\"order_id\": \"6735\"}, \"request_lo"
         "g_url\": \"https://dashboard.stripe.com/test/logs/req_8mbLWkTnCoPrBc?t=1700000000\", \"n"
         "ext_action\": null}"},
    {"application/json",
     "{\"id\": \"cs_test_a11YYufWQzNY63zpQ6QSNRQhkUpVph4WRmzW0zWJO2znZKdVujZ0N0S22u\", \"objec"
         "t\": \"checkout.session\", \"success_url\": \"https://example.com/success?session_id={CH"
         "ECKOUT_SESSION_ID}\", \"url\": \"https://checkout.stripe.com/c/pay/cs_test_a11YYufWQzNY6"
         "3zpQ6QSNRQhkUpVph4WRmzW0zWJO2znZKdVujZ0N0S22u\", \"payment_status\": \"unpaid\"}"},
    {"application/x-www-form-urlencoded",
     "amount=2000&currency=usd&payment_method=pm_1MqLiJLkdIwHu7ixUEgbFdYF&confirm=true&metadat"
         "a[order_id]=6735&expand[]=latest_charge"},
    // openai
    {"application/json",
     "{\"id\": \"chatcmpl-9WkT3vK1mWx7LdP2sYc9NhB4gJf\", \"object\": \"chat.completion\", \"cr"
         "eated\": 1700000000, \"model\": \"gpt-4o-2024-08-06\", \"choices\": [{\"index\": 0, \"me"
         "ssage\": {\"role\": \"assistant\", \"content\": \"To reset your password: open settings."
         " The token=value form works.\", \"tool_calls\": [{\"id\": \"call_8ZrT3vK1mWx7LdP2sYc9NhB"
         "4\", \"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"arguments\": \""
         "{\\\"city\\\":\\\"Paris\\\",\\\"key\\\":\\\"w1\\\"}\"}}]}, \"logprobs\": {\"content\": ["
         "{\"token\": \"Hello\", \"logprob\": -0.1, \"bytes\": [72], \"top_logprobs\": [{\"token\""
         ": \"Hello\", \"logprob\": -0.1}]}]}, \"finish_reason\": \"stop\"}], \"usage\": {\"prompt"
         "_tokens\": 19, \"completion_tokens\": 10, \"total_tokens\": 29, \"completion_tokens_deta"
         "ils\": {\"reasoning_tokens\": 0}}, \"system_fingerprint\": \"fp_6b68a8204b\"}"},
    {"application/json",
     "{\"error\": {\"message\": \"Rate limit reached for gpt-4o in organization org-8ZrT3vK1mW"
         "x7LdP2sYc9NhB4 on tokens per min (TPM): Limit 30000, Used 29900, Requested 644. Please t"
         "ry again in 1.088s. Visit https://platform.openai.com/account/rate-limits to learn more."
         "\", \"type\": \"tokens\", \"param\": null, \"code\": \"rate_limit_exceeded\"}}"},
    {"text/event-stream",
     "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"res"
         "p_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b\",\"prompt_cache_key\":\"user-1234\","
         "\"usage\":{\"input_tokens\":1}}}\n\ndata: {\"type\":\"response.output_text.delta\",\"ite"
         "m_id\":\"msg_67ccd3acc8d48190a77525dc6de64b4104becb25c45c1d41\",\"delta\":\"token: \"}\n"
         "\ndata: [DONE]\n\n"},
    // s3
    {"application/xml",
     "<?xml version=\"1.0\"?><ListBucketResult><Name>b</Name><Prefix/><NextContinuationToken>1"
         "ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken><KeyCount>2</KeyCoun"
         "t><Contents><Key>photos/2026/9f86d081884c7d659a2feaa0c55ad015.jpg</Key><ETag>\"9f86d0818"
         "84c7d659a2feaa0c55ad015\"</ETag><StorageClass>STANDARD</StorageClass></Contents><Content"
         "s><Key>xtapjjcjiudrlk3tmwyjgpuobabd</Key></Contents></ListBucketResult>"},
    {"application/xml",
     "<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated do"
         "es not match</Message><StringToSign>AWS4-HMAC-SHA256\n20261130T204003Z\n20261130/us-east"
         "-1/s3/aws4_request\n9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015</St"
         "ringToSign><RequestId>4442587FB7D0A2F9</RequestId><HostId>vxRxTVYmZv5uMHtxTyYm8wbo3Wt8uL"
         "s=</HostId></Error>"},
    // jira
    {"application/json",
     "{\"startAt\": 0, \"total\": 1, \"issues\": [{\"id\": \"10002\", \"self\": \"https://acme"
         ".atlassian.net/rest/api/3/issue/10002\", \"key\": \"PROJ-1234\", \"fields\": {\"issuetyp"
         "e\": {\"name\": \"Bug\"}, \"project\": {\"key\": \"PROJ\", \"id\": \"10000\"}, \"status"
         "\": {\"statusCategory\": {\"key\": \"indeterminate\"}}, \"assignee\": {\"accountId\": \""
         "5b10ac8d82e05b22cc7d4ef5\", \"displayName\": \"Jo\"}, \"summary\": \"password reset fail"
         "s: token expired\"}}], \"nextPageToken\": \"CAEaAggD\"}"},
    // dynamodb
    {"application/json",
     "{\"Items\": [{\"pk\": {\"S\": \"USER#3f2b8c1e-7a4d-4e9f-b6c2-91d0a5e8f374\"}, \"sk\": {"
         "\"S\": \"ORDER#2026\"}, \"partitionKey\": {\"S\": \"p#q8ZrT3vK1mWx7LdP2sYc9NhB4gJf\"}, "
         "\"key\": {\"S\": \"orders/2026\"}}], \"LastEvaluatedKey\": {\"pk\": {\"S\": \"USER#3f2b8"
         "c1e-7a4d-4e9f-b6c2-91d0a5e8f374\"}, \"sk\": {\"S\": \"q8ZrT3vK1mWx7LdP2sYc9NhB4gJf\"}}, "
         "\"Count\": 1, \"ConsumedCapacity\": {\"CapacityUnits\": 0.5}}"},
    {"application/json",
     "{\"TableName\": \"t\", \"KeySchema\": [{\"AttributeName\": \"pk\", \"KeyType\": \"HASH\""
         "}], \"ExclusiveStartKey\": {\"pk\": {\"S\": \"q8ZrT3vK1mWx7LdP2sYc9NhB4gJf\"}}, \"Client"
         "RequestToken\": \"3f2b8c1e-7a4d-4e9f-b6c2-91d0a5e8f374\"}"},
    // github
    {"application/json",
     "{\"total_count\": 1, \"workflow_runs\": [{\"id\": 30433642, \"node_id\": \"MDEyOldvcmtmb"
         "G93IFJ1bjI2OTI4OQ==\", \"head_sha\": \"acb5820ced9479c074f688cc328bf03f341a511d\", \"che"
         "ck_suite_node_id\": \"MDEwOkNoZWNrU3VpdGU0Mg==\", \"jobs_url\": \"https://api.github.com"
         "/repos/o/r/actions/runs/30433642/jobs\", \"event\": \"push\"}]}"},
    {"application/json",
     "{\"message\": \"Bad credentials\", \"documentation_url\": \"https://docs.github.com/rest"
         "\", \"status\": \"401\"}"},
    {"application/json",
     "{\"secrets\": [{\"name\": \"GH_TOKEN\", \"created_at\": \"2026-08-10T14:59:22Z\", \"upda"
         "ted_at\": \"2026-01-10T14:59:22Z\"}], \"total_count\": 1}"},
    {"application/json",
     "[{\"id\": 1, \"key\": \"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQDExampleKeyData\", \"title"
         "\": \"laptop\", \"verified\": true}]"},
    // slack
    {"application/json",
     "{\"ok\": false, \"error\": \"invalid_auth\"}"},
    {"application/json",
     "{\"ok\": true, \"channel\": \"C024BE91L\", \"ts\": \"1700000000.000100\", \"message\": {"
         "\"bot_id\": \"B024BE91L\", \"text\": \"password: ask the admin\", \"user\": \"U024BE7LH"
         "\"}, \"response_metadata\": {\"next_cursor\": \"dGVhbTpDMDYxRkE1UEI=\"}}"},
    // k8s
    {"application/json",
     "{\"kind\": \"PodList\", \"apiVersion\": \"v1\", \"metadata\": {\"resourceVersion\": \"10"
         "245\", \"continue\": \"ENCODED_CONTINUE_TOKEN\"}, \"items\": [{\"metadata\": {\"name\": "
         "\"web-7d4b9c5f6d-x2x8z\", \"uid\": \"3f2b8c1e-7a4d-4e9f-b6c2-91d0a5e8f374\", \"labels\":"
         " {\"pod-template-hash\": \"7d4b9c5f6d\"}}, \"spec\": {\"serviceAccountName\": \"default"
         "\", \"containers\": [{\"name\": \"web\", \"image\": \"nginx@sha256:9f86d081884c7d659a2fe"
         "aa0c55ad0159f86d081884c7d659a2feaa0c55ad015\", \"env\": [{\"name\": \"LOG_LEVEL\", \"val"
         "ue\": \"info\"}, {\"name\": \"DB_PASSWORD\", \"valueFrom\": {\"secretKeyRef\": {\"name\""
         ": \"db\", \"key\": \"password\"}}}]}], \"volumes\": [{\"name\": \"kube-api-access-x2x8z"
         "\", \"projected\": {\"sources\": [{\"serviceAccountToken\": {\"path\": \"token\", \"expi"
         "rationSeconds\": 3607}}]}}, {\"secret\": {\"secretName\": \"tls-cert\"}}]}}]}"},
    {"application/json",
     "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"message\": \"s"
         "ecrets \\\"db\\\" is forbidden\", \"reason\": \"Forbidden\", \"details\": {\"name\": \"d"
         "b\", \"kind\": \"secrets\"}, \"code\": 403}"},
    // mcp
    {"application/json",
     "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"initialize\", \"params\": {\"protocolVer"
         "sion\": \"2026-03-26\", \"capabilities\": {\"sampling\": {}}, \"clientInfo\": {\"name\":"
         " \"x\", \"version\": \"1\"}, \"_meta\": {\"progressToken\": \"p-1\"}}}"},
    {"application/json",
     "{\"jsonrpc\": \"2.0\", \"id\": 2, \"result\": {\"tools\": [{\"name\": \"search\", \"inpu"
         "tSchema\": {\"type\": \"object\", \"properties\": {\"api_key\": {\"type\": \"string\", "
         "\"description\": \"Your key\"}, \"password\": {\"type\": \"string\"}}, \"required\": [\""
         "api_key\"]}}], \"nextCursor\": \"eyJwYWdlIjoyfQ\"}}"},
    // oauth metadata
    {"application/json",
     "{\"issuer\": \"https://idp.test\", \"authorization_endpoint\": \"https://idp.test/author"
         "ize\", \"token_endpoint\": \"https://idp.test/oauth/token\", \"token_endpoint_auth_metho"
         "ds_supported\": [\"client_secret_basic\", \"client_secret_post\"], \"revocation_endpoint"
         "\": \"https://idp.test/revoke\", \"code_challenge_methods_supported\": [\"S256\"], \"gra"
         "nt_types_supported\": [\"authorization_code\", \"refresh_token\"], \"id_token_signing_al"
         "g_values_supported\": [\"RS256\"], \"jwks_uri\": \"https://idp.test/.well-known/jwks.jso"
         "n\"}"},
    {"application/json",
     "{\"keys\": [{\"kty\": \"RSA\", \"use\": \"sig\", \"kid\": \"2026-11-q8ZrT3vK1mWx7LdP2sYc"
         "9NhB4gJf\", \"alg\": \"RS256\", \"e\": \"AQAB\", \"n\": \"mZk3l0Qp/8sT+Ue5RwXn1yVbA7cD2f"
         "Gh4JiKoLtNqMs=mZk3l0Qp/8sT+Ue5RwXn1yVbA7cD2fGh4JiKoLtNqMs=mZk3l0Qp/8sT+Ue5RwXn1yVbA7cD2f"
         "Gh4JiKoLtNqMs=mZk3l0Qp/8sT+Ue5RwXn1yVbA7cD2fGh4JiKoLtNqMs=\"}]}"},
    {"application/json",
     "{\"error\": \"invalid_grant\", \"error_description\": \"The refresh token is invalid or "
         "expired.\"}"},
    // pagination
    {"application/json",
     "{\"data\": [{\"id\": \"3f2b8c1e-7a4d-4e9f-b6c2-91d0a5e8f374\"}], \"links\": {\"next\": "
         "\"https://api.test/x?page_token=q8ZrT3vK1mWx7LdP2sYc9NhB4gJf&limit=10\", \"prev\": null}"
         ", \"meta\": {\"next_cursor\": \"q8ZrT3vK1mWx7LdP2sYc9NhB4gJf\", \"continuationToken\": "
         "\"mZk3l0Qp/8sT+Ue5RwXn1yVbA7cD2fGh4JiKoLtNqMs=\", \"sync_token\": \"q8ZrT3vK1mWx7LdP2sYc"
         "9NhB4gJf\", \"page\": {\"after\": \"q8ZrT3vK1mWx7LdP2sYc9NhB4gJf\"}}}"},
    // graphql
    {"application/json",
     "{\"query\": \"query Q($id: ID!, $token: String) { node(id: $id) { id ... on User { login"
         " passwordResetRequired } } }\", \"variables\": {\"id\": \"MDQ6VXNlcjU4MzIzMQ==\"}, \"ope"
         "rationName\": \"Q\"}"},
    {"application/json",
     "{\"data\": null, \"errors\": [{\"message\": \"Field 'password' doesn't exist on type 'Us"
         "er'\", \"locations\": [{\"line\": 1, \"column\": 30}], \"path\": [\"query\", \"node\", "
         "\"password\"], \"extensions\": {\"code\": \"undefinedField\", \"fieldName\": \"password"
         "\", \"argumentName\": \"token\"}}]}"},
    {"application/json",
     "{\"data\": {\"repository\": {\"issues\": {\"pageInfo\": {\"endCursor\": \"Y3Vyc29yOnYyOp"
         "HOABCDEF12\", \"hasNextPage\": true}}}}}"},
    // twilio
    {"application/json",
     "{\"sid\": \"SM9f86d081884c7d659a2feaa0c55ad015\", \"account_sid\": \"AC9f86d081884c7d659"
         "a2feaa0c55ad015\", \"messaging_service_sid\": \"MG9f86d081884c7d659a2feaa0c55ad015\", \""
         "status\": \"failed\", \"error_code\": 30007, \"uri\": \"/2010-04-01/Accounts/AC9f86d0818"
         "84c7d659a2feaa0c55ad015/Messages/SM9f86d081884c7d659a2feaa0c55ad015.json\"}"},
    {"application/json",
     "{\"code\": 20003, \"message\": \"Authenticate\", \"more_info\": \"https://www.twilio.com"
         "/docs/errors/20003\", \"status\": 401}"},
    // anthropic
    {"application/json",
     "{\"id\": \"msg_01XFDUDYJgAACzvnptvVoYEL\", \"type\": \"message\", \"stop_reason\": \"end"
         "_turn\", \"stop_sequence\": null, \"usage\": {\"input_tokens\": 12, \"cache_read_input_t"
         "okens\": 0, \"output_tokens\": 6}, \"content\": [{\"type\": \"text\", \"text\": \"The ap"
         "i_key is required; see https://docs.anthropic.com/?x=1\"}]}"},
    {"application/json",
     "{\"type\": \"error\", \"error\": {\"type\": \"authentication_error\", \"message\": \"inv"
         "alid x-api-key\"}, \"request_id\": \"req_011CSHoEeqs5C35K2UUqR7Fy\"}"},
    // google
    {"application/json",
     "{\"kind\": \"drive#fileList\", \"nextPageToken\": \"q8ZrT3vK1mWx7LdP2sYc9NhB4gJf\", \"fi"
         "les\": [{\"id\": \"1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms\", \"name\": \"x\", \"md"
         "5Checksum\": \"9f86d081884c7d659a2feaa0c55ad015\", \"webViewLink\": \"https://drive.goog"
         "le.com/file/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/view?usp=drivesdk\"}]}"},
    {"application/json",
     "{\"error\": {\"code\": 403, \"message\": \"The caller does not have permission\", \"stat"
         "us\": \"PERMISSION_DENIED\", \"details\": [{\"@type\": \"type.googleapis.com/google.rpc."
         "ErrorInfo\", \"reason\": \"API_KEY_SERVICE_BLOCKED\", \"domain\": \"googleapis.com\", \""
         "metadata\": {\"consumer\": \"projects/123456\", \"service\": \"maps.googleapis.com\"}}]}"
         "}"},
    // paypal
    {"application/json",
     "{\"id\": \"5O190127TN364715T\", \"status\": \"CREATED\", \"links\": [{\"href\": \"https:"
         "//api-m.sandbox.paypal.com/v2/checkout/orders/5O190127TN364715T\", \"rel\": \"self\"}, {"
         "\"href\": \"https://www.sandbox.paypal.com/checkoutnow?x=1\", \"rel\": \"approve\"}]}"},
    {"application/json",
     "{\"name\": \"UNPROCESSABLE_ENTITY\", \"debug_id\": \"90957fca61718\", \"details\": [{\"i"
         "ssue\": \"INSTRUMENT_DECLINED\", \"description\": \"The instrument was declined\"}]}"},
    // shopify
    {"application/json",
     "{\"errors\": {\"password\": [\"is too short (minimum is 5 characters)\"], \"base\": [\"I"
         "nvalid\"]}}"},
    {"application/json",
     "{\"data\": {\"checkoutCreate\": {\"checkout\": {\"id\": \"gid://shopify/Checkout/9f86d08"
         "1884c7d659a2feaa0c55ad015\"}}}, \"extensions\": {\"cost\": {\"requestedQueryCost\": 12}}"
         "}"},
    // elastic
    {"application/json",
     "{\"took\": 1, \"_scroll_id\": \"DXF1ZXJ5QW5kRmV0Y2gBAAAAAAAAAD4WYm9laVYtZndUQlNsdDcwakFM"
         "NjU1QQ==\", \"hits\": {\"hits\": [{\"_index\": \"x\", \"_id\": \"AVx3vK1mWx7LdP2sYc9N\","
         " \"sort\": [1700000000]}]}, \"aggregations\": {\"by_key\": {\"buckets\": [{\"key\": \"ch"
         "eckout\", \"doc_count\": 12}, {\"key\": 1700000000, \"key_as_string\": \"2026-11-30T00:0"
         "0:00.000Z\"}]}}}"},
    {"application/json",
     "{\"error\": {\"root_cause\": [{\"type\": \"security_exception\", \"reason\": \"missing a"
         "uthentication credentials for REST request [/_search]\"}]}, \"status\": 401}"},
    // aws
    {"application/json",
     "{\"__type\": \"com.amazonaws.dynamodb.v20120810#ExpiredTokenException\", \"message\": \""
         "The security token included in the request is expired\"}"},
    {"application/json",
     "{\"SecretList\": [{\"ARN\": \"arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/"
         "db-a1b2c3\", \"Name\": \"prod/db\", \"SecretVersionsToStages\": {\"3f2b8c1e-7a4d-4e9f-b6"
         "c2-91d0a5e8f374\": [\"AWSCURRENT\"]}}], \"NextToken\": \"q8ZrT3vK1mWx7LdP2sYc9NhB4gJf\"}"},
    {"application/json",
     "{\"Keys\": [{\"KeyId\": \"3f2b8c1e-7a4d-4e9f-b6c2-91d0a5e8f374\", \"KeyArn\": \"arn:aws:"
         "kms:us-east-1:123456789012:key/3f2b8c1e-7a4d-4e9f-b6c2-91d0a5e8f374\"}], \"Truncated\": "
         "false}"},
    {"application/json",
     "{\"nextForwardToken\": \"f/31132629274945519779805322857203735586714454643391594505/s\","
         " \"events\": [{\"message\": \"START RequestId: 3f2b8c1e-7a4d-4e9f-b6c2-91d0a5e8f374\", "
         "\"timestamp\": 1700000000}]}"},
    // sentry/segment
    {"application/json",
     "{\"event_id\": \"9f86d081884c7d659a2feaa0c55ad015\", \"platform\": \"node\", \"tags\": {"
         "\"session\": \"in_progress\", \"key\": \"value\"}, \"exception\": {\"values\": [{\"type"
         "\": \"Error\", \"value\": \"password is required\", \"stacktrace\": {\"frames\": [{\"fun"
         "ction\": \"login\", \"vars\": {\"attempt\": \"2\"}}]}}]}, \"contexts\": {\"trace\": {\"t"
         "race_id\": \"9f86d081884c7d659a2feaa0c55ad015\", \"span_id\": \"a2fb4a1d1a96d312\"}}, \""
         "sdk\": {\"name\": \"sentry.javascript.node\"}}"},
    // html
    {"text/html",
     "<!doctype html><html><head><title>502 Bad Gateway</title><meta name=\"viewport\" content"
         "=\"width=device-width\"></head><body><label for=\"password\">Password</label><input type"
         "=\"text\" name=\"q\" value=\"search\"><form action=\"/login?next=%2Fhome\"><button acces"
         "skey=\"s\">Sign in</button></form><p>Ray ID: 9f86d081884c7d65</p></body></html>"},
    // text
    {"text/plain",
     "upstream connect error or disconnect/reset before headers. reset reason: connection fail"
         "ure\nkey not found: user:1234\nToken expired at 2026-11-30T20:40:03Z\n"},
    // clang-format on
};

TEST(mask_traffic, leaves_what_holds_no_secret_as_it_is) {
    for (size_t i = 0; i < TSKL_COUNT(traffic); i++) {
        tskl_slice body = tskl_slice_of(traffic[i].body), shown;
        tskl_secrets secrets = {0};
        CHECK_OK(tskl_mask_body(NULL, tskl_slice_of(traffic[i].type), body, t->arena, &shown,
                                &secrets, &t->err));
        CHECK_TEXT(body, shown);
        CHECK_ROW(i, secrets.count == 0);
    }
}
