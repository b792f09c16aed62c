// Sends requests through pools of kept connections, and writes the status of each, or the error. With two URLs, takes
// them in turn, and the other one if a connection is refused. Usage: client HTTP/1.1|HTTP/2 GET|POST URL [URL]
package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
)

func main() {
	version, method, urls := os.Args[1], os.Args[2], os.Args[3:]
	for _, think := range []int{200, 600, 2000} {
		client := &http.Client{
			Timeout: 10 * time.Second,
			Transport: &http.Transport{
				TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
				ForceAttemptHTTP2: version == "HTTP/2",
			},
		}
		for i := 0; i < 2; i++ {
			go use(client, method, urls, think)
		}
	}
	select {}
}

func use(client *http.Client, method string, urls []string, think int) {
	for turn := 0; ; {
		time.Sleep(time.Duration(float64(think)*(0.2+rand.Float64()*1.6)) * time.Millisecond)
		status, err := send(client, method, urls[turn%len(urls)])
		turn++
		if errors.Is(err, syscall.ECONNREFUSED) && len(urls) > 1 {
			status, err = send(client, method, urls[turn%len(urls)])
			turn++
		}
		var failure *url.Error
		if errors.As(err, &failure) {
			err = failure.Err
		}
		if err != nil {
			fmt.Println(err)
		} else {
			fmt.Println(status)
		}
	}
}

func send(client *http.Client, method, url string) (int, error) {
	var body io.Reader
	if method == "POST" {
		body = strings.NewReader("hello")
	}
	request, err := http.NewRequest(method, url, body)
	if err != nil {
		return 0, err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.ReadAll(response.Body)
	return response.StatusCode, err
}
