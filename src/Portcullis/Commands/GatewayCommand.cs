using System.CommandLine;
using System.Net;
using Portcullis.Errors;
using Portcullis.Gateway;
using Portcullis.Http.Serving;
using Portcullis.Kubernetes.Connection;
using Portcullis.Processes;

namespace Portcullis.Commands;

/// <summary><c>portcullis gateway</c>: the registry as clients see it, before the registry that stores the images.</summary>
internal static class GatewayCommand
{
    private static readonly Option<string> KubeConfigFile = new("--kubeconfig") { Description = "The cluster. Default: KUBECONFIG, the pod's service account or ~/.kube/config.", HelpName = "FILE" };
    private static readonly Option<string> Context = new("--context") { Description = "The kubeconfig's context.", HelpName = "NAME" };
    private static readonly Option<string> Bind = new("--bind") { Description = "The address to listen on. Default: every one; with --plain-http, 127.0.0.1.", HelpName = "ADDRESS" };
    private static readonly Option<int> Port = new("--port") { CustomParser = PortNumber.Parse, Description = "The port to listen on; 0 for any that is free.", HelpName = "PORT", DefaultValueFactory = _ => 8443 };
    private static readonly Option<string> TlsCertificate = new("--tls-cert") { Description = "The certificate, and those between it and its authority, in PEM. Read again when it changes.", HelpName = "FILE" };
    private static readonly Option<string> TlsKey = new("--tls-key") { Description = "The certificate's private key, in PEM.", HelpName = "FILE" };
    private static readonly Option<string> TlsAuthority = new("--tls-ca") { Description = "The authority of the certificate, served under /ca. Default: the last certificate of --tls-cert.", HelpName = "FILE" };
    private static readonly Option<string> TlsSecret = new("--tls-secret") { Description = "In place of files: the Secret in portcullis-system with tls.crt, tls.key and ca.crt. Read again when it changes.", HelpName = "NAME" };
    private static readonly Option<bool> PlainHttp = new("--plain-http") { Description = "Without TLS, for clients on this machine." };
    private static readonly Option<bool> BehindTls = new("--behind-tls") { Description = "Without TLS, because a proxy before the gateway ends it. Nobody else may reach the port." };
    private static readonly Option<bool> AllowBlobDeletion = new("--allow-blob-deletion") { Description = "Pass deletions of blobs to the registry. A blob may belong to images that the caller does not know of." };
    private static readonly Option<bool> AllowUndeclared = new("--allow-undeclared") { Description = "Act upon objects that no source declares too, for trying things out; needs --plain-http." };
    private static readonly Option<string> RootSource = new("--root-source") { Description = "The name of the operator's root source, which may declare what no other source may.", HelpName = "NAME", DefaultValueFactory = _ => "root" };
    private static readonly Option<int> HealthPort = new("--health-port") { CustomParser = PortNumber.Parse, Description = "Port of /healthz, /livez and /readyz; 0 for none.", HelpName = "PORT", DefaultValueFactory = _ => 9440 };
    private static readonly Option<int> MetricsPort = new("--metrics-port") { CustomParser = PortNumber.Parse, Description = "Port of /metrics; 0 for none.", HelpName = "PORT", DefaultValueFactory = _ => 8080 };
    private static readonly Option<bool> JsonLog = ProgramLog.Json();

    public static Command Create()
    {
        var command = new Command("gateway", "Run the gateway before the registries: authentication, access by Grants, immutable tags, audit.")
        {
            KubeConfigFile, Context, Bind, Port, TlsCertificate, TlsKey, TlsAuthority, TlsSecret, PlainHttp, BehindTls, AllowBlobDeletion, AllowUndeclared, RootSource, HealthPort, MetricsPort, JsonLog,
        };
        command.Validators.Add(result =>
        {
            var ways = new[] { result.GetValue(TlsCertificate) is not null, result.GetValue(TlsSecret) is not null, result.GetValue(PlainHttp), result.GetValue(BehindTls) };
            if (ways.Count(w => w) != 1)
            {
                result.AddError("give one of --tls-cert, --tls-secret, --plain-http and --behind-tls");
            }

            if (result.GetValue(TlsCertificate) is null != result.GetValue(TlsKey) is null)
            {
                result.AddError("--tls-cert and --tls-key belong together");
            }

            if (result.GetValue(AllowUndeclared) && !result.GetValue(PlainHttp))
            {
                result.AddError("--allow-undeclared is for trying things out on this machine: it needs --plain-http");
            }
        });
        command.SetAction(RunAsync);
        return command.WithExamples(
            "portcullis gateway --tls-secret portcullis-gateway-tls",
            "portcullis gateway --tls-cert /etc/tls/tls.crt --tls-key /etc/tls/tls.key --kubeconfig /etc/portcullis/gateway.kubeconfig",
            "portcullis gateway --plain-http --port 5000");
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var host = GatewayHost.Build(Settings(parsed));
        await host.StartAsync(cancellationToken);
        await HostEnd.UntilEndedAsync(host, cancellationToken);
        await host.StopAsync(CancellationToken.None);
        return cancellationToken.IsCancellationRequested ? (int)ExitCode.Done : (int)ExitCode.Unreachable;
    }

    private static GatewaySettings Settings(ParseResult parsed) => new()
    {
        Connection = KubeConfig.LoadDefault(parsed.GetValue(KubeConfigFile), parsed.GetValue(Context)),
        Logging = logging => ProgramLog.Configure(logging, parsed.GetValue(JsonLog)),
        AllowUndeclared = parsed.GetValue(AllowUndeclared),
        RootSource = parsed.GetValue(RootSource)!,
        Health = Everywhere(parsed.GetValue(HealthPort)),
        Metrics = Everywhere(parsed.GetValue(MetricsPort)),
        Gateway = new GatewayOptions
        {
            Listen = Listen(parsed),
            PublicScheme = parsed.GetValue(PlainHttp) ? "http" : "https",
            Certificate = parsed.GetValue(TlsCertificate) is { } certificate ? new CertificateFiles(certificate, parsed.GetValue(TlsKey)!, parsed.GetValue(TlsAuthority)) : null,
            CertificateSecret = parsed.GetValue(TlsSecret),
            AllowBlobDeletion = parsed.GetValue(AllowBlobDeletion),
        },
    };

    private static ListenAddress Listen(ParseResult parsed)
    {
        var port = parsed.GetValue(Port);
        if (parsed.GetValue(Bind) is not { } bind)
        {
            return parsed.GetValue(PlainHttp) ? ListenAddress.Loopback(port) : ListenAddress.Everywhere(port);
        }

        var address = IPAddress.TryParse(bind, out var read) ? read : throw new CommandException(ExitCode.WrongInput, $"--bind {bind}: it must be an IP address, such as 127.0.0.1");
        return parsed.GetValue(PlainHttp) && !IPAddress.IsLoopback(address)
            ? throw new CommandException(ExitCode.WrongInput, $"--plain-http --bind {bind}: passwords would cross the network without TLS. Give a certificate, or an address of this machine alone, such as 127.0.0.1")
            : new ListenAddress.Tcp(new IPEndPoint(address, port));
    }

    private static ListenAddress? Everywhere(int port) => port > 0 ? ListenAddress.Everywhere(port) : null;
}
