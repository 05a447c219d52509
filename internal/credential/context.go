package credential

import "embed"

// The contexts as they are published, so that nothing is fetched: for the kit that
// verifies without a network, and for the tests.
//
//go:embed context/*.json
var contexts embed.FS

// Contexts lists the JSON-LD contexts that a credential names, by address.
func Contexts() map[string][]byte {
	all := map[string][]byte{}
	for address, name := range map[string]string{ContextVC: "credentials-v2.json", ContextOB: "ob-v3p0-3.0.3.json"} {
		b, err := contexts.ReadFile("context/" + name)
		if err != nil {
			panic(err) // it was compiled in
		}
		all[address] = b
	}
	return all
}
