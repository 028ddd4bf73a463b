using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Processes;

namespace Portcullis.Up.Components;

/// <summary>A Notary server. Debian's build has no store on disk that needs no database server: its content is lost when the process ends.</summary>
internal sealed class NotaryComponent(StateFolder state, TokenSigningKey signing) : ILocalComponent
{
    public const string Name = "notary";

    string ILocalComponent.Name => Name;

    public static string AddressOf(StateFolder state) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{state.Port(Name)}");

    public ChildSpec Prepare()
    {
        signing.Ensure();
        var folder = state.Folder(Name);
        var address = AddressOf(state);
        var configuration = Path.Combine(folder, "config.json");
        File.WriteAllBytes(configuration, KubernetesJson.ToBytes(Configuration(new Uri(address).Authority)));
        return new ChildSpec
        {
            Name = Name,
            Program = "notary-server",
            Package = "notary",
            Folder = folder,
            Address = address,
            Arguments = ["-config", configuration, "-logf", "logfmt"],
        };
    }

    public Task<string?> ProbeAsync(ChildSpec spec, CancellationToken cancellationToken) =>
        HttpProbe.GetAsync(new Uri($"{spec.Address}/_notary_server/health"), null, cancellationToken);

    private JsonObject Configuration(string address) => new()
    {
        ["server"] = new JsonObject { ["http_addr"] = address },
        ["trust_service"] = new JsonObject { ["type"] = "local", ["hostname"] = "", ["port"] = "", ["key_algorithm"] = "ecdsa" },
        ["storage"] = new JsonObject { ["backend"] = "memory" },
        ["logging"] = new JsonObject { ["level"] = "warn" },
        ["auth"] = new JsonObject
        {
            ["type"] = "token",
            ["options"] = new JsonObject
            {
                ["realm"] = "https://localhost/token",
                ["service"] = TokenSigningKey.Service,
                ["issuer"] = TokenSigningKey.Issuer,
                ["rootcertbundle"] = signing.CertificateFile,
            },
        },
    };
}
