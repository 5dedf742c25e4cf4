# sdk: the calls that clients/node/test/programs/sdk makes, by the vendors' own SDKs for Python; one SDK
# a run.
# SPDX-License-Identifier: Apache-2.0
import sys

from say import HTTP, say, say_error

NOBODY = "http://127.0.0.1:47"
cases = {}


def case(function):
    cases[function.__name__] = function
    return function


def attempt(call):
    try:
        say("answer", call())
    except Exception as error:
        say_error(error)


@case
def stripe():
    import stripe

    stripe.enable_telemetry = False  # it tells how long calls took

    def client(key="sk_test_1", base=HTTP, retries=0):
        return stripe.StripeClient(key, base_addresses={"api": base}, max_network_retries=retries).v1

    def pay(method, options=None, **more):
        intent = {"amount": 2000, "currency": "usd", "payment_method": method, "confirm": True, **more}
        attempt(lambda: here.payment_intents.create(intent, options or {}).id)

    here = client()
    attempt(lambda: here.customers.create({"name": "Ann"}).id)
    pay("pm_card_visa")
    pay("pm_card_visa_chargeDeclined")
    pay("pm_card_visa", amount=-1)
    attempt(lambda: here.customers.retrieve("cus_unknown").id)
    key = {"idempotency_key": "order-1"}
    pay("pm_card_visa", key)
    pay("pm_card_visa", key, amount=1)
    attempt(lambda: client("sk_test_busy", retries=1).balance.retrieve().object)
    attempt(lambda: client(base=NOBODY).balance.retrieve().object)


@case
def openai():
    from openai import OpenAI

    def create(key, base=HTTP, retries=None, **more):
        options = {} if retries is None else {"max_retries": retries}
        client = OpenAI(api_key=key, base_url=base + "/v1", **options)
        messages = [{"role": "user", "content": "Hello"}]
        return client.chat.completions.create(model="gpt-fx", messages=messages, **more)

    def ask(key, **more):
        attempt(lambda: create(key, **more).choices[0].message.content)

    def read(**more):
        attempt(lambda: [part.choices[0].delta.content for part in create("sk-test-1", stream=True, **more)])

    ask("sk-test-1")
    ask("sk-test-busy", retries=1)
    ask("sk-test-long", retries=0)
    ask("sk-test-spent")
    ask("sk-test-wrong")
    read()
    read(extra_headers={"x-case": "stream_error"})
    ask("x", base=NOBODY, retries=0)


@case
def anthropic():
    from anthropic import Anthropic

    def create(name, retries=0, base=HTTP, **more):
        messages = [{"role": "user", "content": "Hello"}]
        client = Anthropic(api_key=f"sk-ant-test-{name}", base_url=base, max_retries=retries)
        return client.messages.create(model="claude-fx", max_tokens=100, messages=messages, **more)

    def ask(*args, **more):
        attempt(lambda: create(*args, **more).content[0].text)

    def read(name):
        attempt(lambda: [event.type for event in create(name, stream=True)])

    ask("1")
    ask("busy")
    ask("spent", 2)
    ask("wrong", 2)
    ask("long", 2)
    ask("once", 2)
    read("1")
    read("1")
    read("breaks")
    ask("1", base=NOBODY)


cases[sys.argv[1]]()
