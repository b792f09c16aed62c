// Requests with Go's net/http. Usage: client http1|http2 hello|bye|reject URL CA, see run.sh.
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(version, scenario, url, ca string) error {
	pem, err := os.ReadFile(ca)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	transport := &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: roots},
		ForceAttemptHTTP2: version == "http2",
	}
	client := &http.Client{Transport: transport}
	switch scenario {
	case "hello":
		for i := 0; i < 2; i++ {
			if err := print(client.Get(url + "/hello")); err != nil {
				return err
			}
		}
	case "bye":
		if err := print(client.Get(url + "/bye")); err != nil {
			return err
		}
	case "reject":
		body := bytes.NewReader(make([]byte, 8_000_000))
		if err := print(client.Post(url+"/reject?size=100000", "application/octet-stream", body)); err != nil {
			return err
		}
	}
	transport.CloseIdleConnections()
	return nil
}

func print(response *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	fmt.Println(response.StatusCode, len(body))
	return nil
}
