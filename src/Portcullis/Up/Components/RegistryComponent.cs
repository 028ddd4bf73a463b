using System.Globalization;
using Portcullis.Processes;

namespace Portcullis.Up.Components;

/// <summary>A registry (OCI distribution) with its images on disk. It takes tokens of this run's own key alone: everybody else goes through the gateway.</summary>
internal sealed class RegistryComponent(StateFolder state, TokenSigningKey signing) : ILocalComponent
{
    public const string Name = "registry";

    string ILocalComponent.Name => Name;

    public static string AddressOf(StateFolder state) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{state.Port(Name)}");

    public ChildSpec Prepare()
    {
        var folder = state.Folder(Name);
        var port = state.Port(Name);
        var configuration = Path.Combine(folder, "config.yml");
        signing.Ensure();
        File.WriteAllText(configuration, Configuration(folder, port));
        return new ChildSpec
        {
            Name = Name,
            Program = "docker-registry",
            Package = "docker-registry",
            Folder = folder,
            Address = AddressOf(state),
            Arguments = ["serve", configuration],
        };
    }

    public Task<string?> ProbeAsync(ChildSpec spec, CancellationToken cancellationToken) =>
        HttpProbe.GetAsync(new Uri($"{spec.Address}/v2/"), null, cancellationToken, asksForToken: true);

    private string Configuration(string folder, int port) => string.Create(CultureInfo.InvariantCulture, $"""
        version: 0.1
        log:
          level: warn
          accesslog:
            disabled: true
        storage:
          filesystem:
            rootdirectory: {Path.Combine(folder, "data")}
          delete:
            enabled: true
        http:
          addr: 127.0.0.1:{port}
        auth:
          token:
            realm: https://localhost/token
            service: {TokenSigningKey.Service}
            issuer: {TokenSigningKey.Issuer}
            rootcertbundle: {signing.CertificateFile}

        """);
}
