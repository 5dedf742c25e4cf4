# two: the same answers by HTTP/2, one stream after the other.
# SPDX-License-Identifier: Apache-2.0
import time

import h2.config
import h2.connection
import h2.events

BETWEEN_PARTS_S = 0.002


class Connection:
    def __init__(self, stream, cases):
        self.stream = stream
        self.cases = cases
        self.http = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self.asked = {}  # by stream

    def serve(self):
        self.http.initiate_connection()
        self.send()
        while part := self.stream.recv(1 << 16):
            for event in self.http.receive_data(part):
                self.handle(event)
            self.send()

    def send(self):
        self.stream.sendall(self.http.data_to_send())

    def handle(self, event):
        if isinstance(event, h2.events.RequestReceived):
            headers = dict(event.headers)
            self.asked[event.stream_id] = self.cases.find(headers["x-case"], headers[":path"])
        elif isinstance(event, h2.events.DataReceived):
            self.http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            self.answer(event.stream_id, self.asked.pop(event.stream_id))

    def answer(self, stream, case):
        head = [(":status", str(case.response.get("status", 200)))]
        head += [(name.lower(), value) for name, value in case.headers_out()]
        parts = [part for part in case.parts() if part] if case.has_body() else []
        self.http.send_headers(stream, head, end_stream=not parts)
        for i, part in enumerate(parts):
            self.http.send_data(stream, part, end_stream=i == len(parts) - 1)
            self.send()
            time.sleep(BETWEEN_PARTS_S)
