"""A web server with the habits that a downloader meets. Usage: server.py FOLDER; prints its port and its process.

/whole/NAME      the file, whatever range is asked for
/ranges/NAME     the file, or the range that is asked for
/short/NAME      promises the file and hangs up halfway
/missing/NAME    404 with a page of text
/moved/NAME      redirects to /ranges/NAME
Each request is noted in FOLDER/requests.log as "PATH RANGE".
"""
import http.server
import os
import sys
import threading

folder = sys.argv[1]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        _, habit, name = self.path.split("/", 2)
        asked = self.headers.get("Range", "")
        with open(os.path.join(folder, "requests.log"), "a") as log:
            log.write(f"{self.path} {asked}\n")
        if habit == "missing":
            page = b"<html>no such file, but a page that says so</html>"
            return self.reply(404, page, len(page))
        if habit == "moved":
            self.send_response(302)
            self.send_header("Location", f"/ranges/{name}")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        if habit == "short":
            return self.reply(200, data[: len(data) // 2], len(data))
        if habit == "ranges" and asked:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(data):
                return self.reply(416, b"", 0)
            span = f"bytes {start}-{len(data) - 1}/{len(data)}"
            return self.reply(206, data[start:], len(data) - start, span)
        self.reply(200, data, len(data))

    def reply(self, status, data, length, span=None):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        if span:
            self.send_header("Content-Range", span)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
# Whoever forgets to end it has it for two minutes.
threading.Timer(120, os._exit, [0]).start()
print(server.server_port, os.getpid(), flush=True)
server.serve_forever()
