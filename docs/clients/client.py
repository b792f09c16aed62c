"""Requests with Python. Usage: client.py http.client|urllib|ssl hello|bye|reject URL CA, see run.sh."""
import http.client
import socket
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request

UPLOAD = bytes(8_000_000)


def http_client(scenario, host, port, context):
    connection = http.client.HTTPSConnection(host, port, context=context)
    for method, path, body in requests(scenario):
        connection.request(method, path, body)
        response = connection.getresponse()
        print(response.status, len(response.read()))
    connection.close()


def urllib_request(scenario, host, port, context):
    # Sends "Connection: close" with each request: there is no keep-alive
    for method, path, body in requests(scenario):
        request = urllib.request.Request(f"https://{host}:{port}{path}", body, method=method)
        try:
            response = urllib.request.urlopen(request, context=context)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            print(response.status, len(response.read()))


def ssl_socket(scenario, host, port, context):
    """Reads to the end of the connection, and ends it as the ssl module's documentation says."""
    with socket.create_connection((host, port)) as tcp:
        connection = context.wrap_socket(tcp, server_hostname=host, suppress_ragged_eofs=False)
        if scenario == "hello":
            for _ in range(2):
                connection.sendall(head("GET", "/hello", host))
                print_response(read_until(connection, b"hello"))
        else:
            for method, path, body in requests(scenario):
                connection.sendall(head(method, path, host, body))
                connection.sendall(body or b"")
                received = b""
                while chunk := connection.recv(65536):
                    received += chunk
                print_response(received)
        connection.unwrap()


def requests(scenario):
    if scenario == "hello":
        return [("GET", "/hello", None)] * 2
    if scenario == "bye":
        return [("GET", "/bye", None)]
    return [("POST", "/reject?size=100000", UPLOAD)]


def head(method, path, host, body=None):
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{length}\r\n".encode()


def read_until(connection, end):
    received = b""
    while not received.endswith(end):
        chunk = connection.recv(65536)
        if not chunk:
            raise EOFError(received)
        received += chunk
    return received


def print_response(received):
    header, _, body = received.partition(b"\r\n\r\n")
    print(int(header.split()[1]), len(body))


def main():
    kind, scenario, url, ca = sys.argv[1:]
    parts = urllib.parse.urlsplit(url)
    context = ssl.create_default_context(cafile=ca)
    clients = {"http.client": http_client, "urllib": urllib_request, "ssl": ssl_socket}
    try:
        clients[kind](scenario, parts.hostname, parts.port, context)
    except (OSError, EOFError, http.client.HTTPException) as error:
        sys.exit(f"{type(error).__name__}: {error}")


main()
