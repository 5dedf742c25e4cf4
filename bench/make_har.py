#!/usr/bin/env python3
"""Writes a HAR with as many calls as asked for, as a busy shop's back end makes them: payments that
are declined, limited and paid, a model that answers, is out of quota or is asked wrongly, and a
service that no Pack knows. The same number gives the same bytes.

usage: make_har.py COUNT > calls.har
"""
import json
import random
import sys

chance = random.Random(1)


def word(prefix, length=24):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return prefix + "".join(chance.choices(letters, k=length))


def headers(**fields):
    return [{"name": name.replace("_", "-"), "value": value} for name, value in fields.items()]


def stripe_headers(request):
    return dict(
        server="nginx", date="Mon, 23 Nov 2026 08:00:00 GMT", content_type="application/json",
        access_control_allow_credentials="true", cache_control="no-cache, no-store",
        request_id=request, stripe_version="2024-06-20", strict_transport_security="max-age=63072000")


def stripe_error(status, error, **more):
    request = word("req_", 14)
    error |= {"doc_url": "https://stripe.com/docs/error-codes/" + error["code"].replace("_", "-"),
              "request_log_url": f"https://dashboard.stripe.com/test/logs/{request}?t=1790000000"}
    return "stripe", status, stripe_headers(request) | more, {"error": error}


def stripe_declined():
    return stripe_error(402, {
        "charge": word("ch_"), "code": "card_declined", "decline_code": "insufficient_funds",
        "message": "Your card has insufficient funds.", "type": "card_error",
        "payment_intent": {"id": word("pi_"), "object": "payment_intent", "amount": 2000,
                           "currency": "usd", "status": "requires_payment_method",
                           "client_secret": word("pi_secret_")}}, stripe_should_retry="false")


def stripe_limited():
    return stripe_error(429, {
        "code": "rate_limit", "message": "Request rate limit exceeded.",
        "type": "invalid_request_error"}, stripe_rate_limited_reason="global-rate", retry_after="1")


def stripe_paid():
    intent = {"id": word("pi_"), "object": "payment_intent", "amount": chance.randrange(100, 90000),
              "currency": "usd", "status": "succeeded", "client_secret": word("pi_secret_"),
              "latest_charge": word("ch_"), "payment_method": word("pm_"), "livemode": False,
              "metadata": {"order": str(chance.randrange(10**6)), "note": "left at the door"},
              "charges": {"object": "list", "has_more": False, "data": [
                  {"id": word("ch_"), "amount": 2000, "paid": True, "receipt_url":
                   "https://pay.stripe.com/receipts/payment/" + word("", 60),
                   "billing_details": {"address": {"city": "Bern", "country": "CH"}}}]}}
    return "stripe", 200, stripe_headers(word("req_", 14)), intent


def openai_headers():
    return dict(
        date="Mon, 23 Nov 2026 08:00:00 GMT", content_type="application/json",
        openai_organization="shop", openai_processing_ms="412", x_request_id=word("req_", 32),
        x_ratelimit_limit_requests="500", x_ratelimit_remaining_requests="499",
        x_ratelimit_limit_tokens="30000", x_ratelimit_remaining_tokens="29000")


def openai_error(status, error, **more):
    return "openai", status, openai_headers() | more, {"error": error}


def openai_quota():
    return openai_error(429, {
        "message": "You exceeded your current quota, please check your plan and billing details.",
        "type": "insufficient_quota", "param": None, "code": "insufficient_quota"})


def openai_wrong():
    return openai_error(400, {
        "message": "This model's maximum context length is 8192 tokens.",
        "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"})


def openai_answer():
    text = " ".join(word("", chance.randrange(2, 9)) for _ in range(chance.randrange(40, 200)))
    return "openai", 200, openai_headers(), {
        "id": word("chatcmpl-"), "object": "chat.completion", "created": 1790000000,
        "model": "gpt-4o-mini", "choices": [{"index": 0, "finish_reason": "stop", "message": {
            "role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 120, "completion_tokens": 200, "total_tokens": 320}}


def other_answer():
    items = [{"sku": word("", 8), "name": word("Item ", 12), "stock": chance.randrange(100)}
             for _ in range(chance.randrange(6, 24))]
    return "other", 200, dict(content_type="application/json", etag=word("", 20)), {"items": items}


def other_error():
    return "other", 503, dict(content_type="text/html"), "<h1>Service Unavailable</h1>" * 24


KINDS = [(stripe_declined, 25), (stripe_limited, 5), (stripe_paid, 25), (openai_quota, 5),
         (openai_wrong, 5), (openai_answer, 20), (other_answer, 12), (other_error, 3)]
REQUESTS = {
    "stripe": ("https://api.stripe.com/v1/payment_intents", "application/x-www-form-urlencoded",
               "amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true"),
    "openai": ("https://api.openai.com/v1/chat/completions", "application/json",
               '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Say hello."}]}'),
    "other": ("https://stock.example.com/items?page=2", "application/json", '{"fields":["sku"]}'),
}


def entry(number, kind):
    service, status, fields, body = kind()
    url, content_type, sent = REQUESTS[service]
    text = body if isinstance(body, str) else json.dumps(body, indent=2)
    second = number // 20 % 60
    return {
        "startedDateTime": f"2026-11-23T08:{number // 1200 % 60:02}:{second:02}.{number % 20 * 50:03}Z",
        "time": 184.2,
        "request": {
            "method": "POST", "url": url, "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": headers(
                accept="*/*", authorization="Bearer " + word("sk_test_"), content_type=content_type,
                user_agent="shop/1.0", idempotency_key=word("key-", 16)),
            "queryString": [], "postData": {"mimeType": content_type, "text": sent},
            "headersSize": -1, "bodySize": len(sent)},
        "response": {
            "status": status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": headers(**fields), "content": {
                "size": len(text), "mimeType": fields["content_type"], "text": text},
            "redirectURL": "", "headersSize": -1, "bodySize": len(text)},
        "cache": {}, "timings": {"send": 1, "wait": 180, "receive": 3.2}}


def main():
    count = int(sys.argv[1])
    kinds, weights = zip(*KINDS)
    print('{"log":{"version":"1.2","creator":{"name":"make_har","version":"1"},"entries":[')
    for number, kind in enumerate(chance.choices(kinds, weights, k=count)):
        print("," * (number > 0) + json.dumps(entry(number, kind)))
    print("]}}")


main()
