using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using Portcullis.Admission;
using Portcullis.Bootstrap;
using Portcullis.Core;
using Portcullis.Errors;
using Portcullis.Http.Serving;
using Portcullis.Kinds;
using Portcullis.Kubernetes;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Operator;
using Portcullis.Scans;
using Portcullis.Sources;
using Portcullis.Sources.Root;

namespace Portcullis.Commands;

/// <summary><c>portcullis operator</c>: Git sync and controllers against a cluster.</summary>
internal static class OperatorCommand
{
    private static readonly Option<string> KubeConfigFile = new("--kubeconfig") { Description = "The cluster. Default: KUBECONFIG, the pod's service account or ~/.kube/config.", HelpName = "FILE" };
    private static readonly Option<string> Context = new("--context") { Description = "The kubeconfig's context.", HelpName = "NAME" };
    private static readonly Option<bool> LeaderElect = new("--leader-elect") { Description = "Reconcile only while this replica holds the Lease portcullis-operator.", DefaultValueFactory = _ => true };
    private static readonly Option<string> Identity = new("--identity") { Description = "The name of this replica in the Lease.", HelpName = "NAME", DefaultValueFactory = _ => DefaultIdentity() };
    private static readonly Option<string> RootSource = new("--root-source") { Description = "The name of the one GitSource that may declare everything.", HelpName = "NAME", DefaultValueFactory = _ => "root" };
    private static readonly Option<string> RootUrl = new("--root-url") { Description = "The repository of the root source. Nothing else declares that source: without this and --root-file nothing is reconciled.", HelpName = "URL" };
    private static readonly Option<string> RootFile = new("--root-file") { Description = "The GitSource manifest of the root source, for what --root-url cannot say. It is read again when it changes; while there is no such file, nothing is declared.", HelpName = "FILE" };
    private static readonly Option<string> RootBranch = new("--root-branch") { Description = "The branch of --root-url.", HelpName = "NAME", DefaultValueFactory = _ => "" };
    private static readonly Option<string> RootPath = new("--root-path") { Description = "The folder in --root-url.", HelpName = "FOLDER", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> AllowLocal = new("--allow-local-repositories") { Description = "Allow sources to name repositories on the local disk." };
    private static readonly Option<string> Cache = new("--cache") { Description = "The folder of the Git mirrors and of what was found in layers, a cache that can be deleted.", HelpName = "DIR", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "portcullis") };
    private static readonly Option<string> Advisories = new("--advisories") { Description = "The file of the vulnerability database, made by portcullis scan db import. It is used anew when it is replaced; without one, no image has a result.", HelpName = "FILE" };
    private static readonly Option<bool> ApplyKinds = new("--apply-crds") { Description = "Apply the CRDs of this program at the start, and keep them." };
    private static readonly Option<int> HealthPort = new("--health-port") { CustomParser = PortNumber.Parse, Description = "Port of /healthz, /livez and /readyz; 0 for none.", HelpName = "PORT", DefaultValueFactory = _ => 9440 };
    private static readonly Option<int> MetricsPort = new("--metrics-port") { CustomParser = PortNumber.Parse, Description = "Port of /metrics; 0 for none.", HelpName = "PORT", DefaultValueFactory = _ => 8080 };
    private static readonly Option<int> ReceiverPort = new("--receiver-port") { CustomParser = PortNumber.Parse, Description = "Port of the receiver of push notifications; 0 for none.", HelpName = "PORT", DefaultValueFactory = _ => 9292 };
    private static readonly Option<string> Admission = new("--admission") { Description = "How the API server reaches the admission webhooks: service (in a cluster), local (an API server on this machine) or none. Default in a pod: service.", HelpName = "WAY", DefaultValueFactory = _ => InPod ? "service" : "none" };
    private static readonly Option<string> AdmissionService = new("--admission-service") { Description = "With --admission service: the Service of the operator's pods.", HelpName = "NAME", DefaultValueFactory = _ => "portcullis-admission" };
    private static readonly Option<int> AdmissionPort = new("--admission-port") { CustomParser = PortNumber.Parse, Description = "Port of the admission webhooks.", HelpName = "PORT", DefaultValueFactory = _ => 9443 };
    private static readonly Option<string> Edits = new("--edits") { Description = "What becomes of edits of what Git declares: Refuse (the message names file and line) or Revert. They have no effect either way.", HelpName = "WAY", DefaultValueFactory = _ => nameof(EditPolicy.Refuse) };
    private static readonly Option<string[]> OwnImages = new("--own-image") { Description = "The digest of an image that runs in portcullis-system without signatures, beside the one of this pod: of the next version, say. May be given several times.", HelpName = "DIGEST" };
    private static readonly Option<string[]> UnjudgedNamespaces = new("--unjudged-namespace") { Description = "A namespace of Kubernetes itself, such as kube-system, whose images need no signatures. May be given several times.", HelpName = "NAME" };
    private static readonly Option<string[]> TrustedAppliers = new("--trusted-applier") { Description = "A user whose writes count as declared: another GitOps tool that delivers objects of our kinds. May be given several times.", HelpName = "USER" };
    private static readonly Option<bool> AllowUndeclared = new("--allow-undeclared") { Description = "Act upon objects that nobody declares too, for trying things out; never upon GitSources, NodeHardenings and FullControl. Needs --admission local." };
    private static readonly Option<int> ParallelRequests = new("--parallel-requests") { Description = "How many requests to the API server may run at once when many objects are written.", HelpName = "COUNT", DefaultValueFactory = _ => new KubernetesOptions().ParallelRequests };
    private static readonly Option<bool> JsonLog = ProgramLog.Json();

    private static bool InPod => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"));

    public static Command Create()
    {
        Admission.AcceptOnlyFromAmong("service", "local", "none");
        Edits.AcceptOnlyFromAmong(nameof(EditPolicy.Refuse), nameof(EditPolicy.Revert));
        ParallelRequests.Validators.Add(result =>
        {
            if (result.GetValue(ParallelRequests) < 1)
            {
                result.AddError("--parallel-requests must be at least 1");
            }
        });
        OwnImages.Validators.Add(result => Check(result, OwnImages, ImageDigest.IsLegal, "is no digest: write sha256: and 64 digits of lower-case hex"));
        UnjudgedNamespaces.Validators.Add(result => Check(
            result, UnjudgedNamespaces, n => n.StartsWith("kube-", StringComparison.Ordinal), "is no namespace of Kubernetes itself: leave others out by the scope of the SigningPolicies"));
        AllowUndeclared.Validators.Add(result =>
        {
            if (result.GetValue(AllowUndeclared) && result.GetValue(Admission) != "local")
            {
                result.AddError("--allow-undeclared is for trying things out on this machine: it needs --admission local");
            }
        });
        TrustedAppliers.Validators.Add(result =>
        {
            if (result.GetValue(TrustedAppliers) is { Length: > 0 } && result.GetValue(Admission) == "none")
            {
                result.AddError("--trusted-applier needs the admission webhooks, which see who writes: give --admission service or local");
            }
        });
        var command = new Command("operator", "Run Git sync and the controllers against a cluster.")
        {
            KubeConfigFile, Context, LeaderElect, Identity, RootSource, RootUrl, RootFile, RootBranch, RootPath, AllowLocal, Cache, Advisories, ApplyKinds, HealthPort, MetricsPort, ReceiverPort,
            Admission, AdmissionService, AdmissionPort, Edits, OwnImages, UnjudgedNamespaces, TrustedAppliers, AllowUndeclared, ParallelRequests, JsonLog,
        };
        command.SetAction(RunAsync);
        return command.WithExamples(
            "portcullis operator --kubeconfig ~/.kube/config --root-url https://git.example.com/platform.git",
            "portcullis operator --leader-elect false --apply-crds --root-url /srv/git/platform.git --allow-local-repositories");
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var root = Root(parsed);
        var connection = KubeConfig.LoadDefault(parsed.GetValue(KubeConfigFile), parsed.GetValue(Context));
        await PrepareAsync(parsed, connection, cancellationToken);
        var settings = Settings(parsed, connection, root);
        return (int)await new OperatorTerms(() => OperatorHost.Build(settings)).RunAsync(cancellationToken);
    }

    private static async Task PrepareAsync(ParseResult parsed, KubernetesConnection connection, CancellationToken cancellationToken)
    {
        var client = KubernetesClientFactory.Create(connection);
        if (parsed.GetValue(ApplyKinds))
        {
            await new ClusterBootstrap(client, Catalog.Default.Kinds, TimeProvider.System).ApplyAsync(cancellationToken);
        }
        else
        {
            // One question at the start, so that a wrong address ends the command with an error.
            await client.PostAsync(
                "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "SelfSubjectReview" },
                cancellationToken);
        }
    }

    private static RootSourceDeclaration? Root(ParseResult parsed)
    {
        var (name, kinds) = (parsed.GetRequiredValue(RootSource), Catalog.Default.Kinds);
        return (parsed.GetValue(RootUrl), parsed.GetValue(RootFile)) switch
        {
            ({ }, { }) => throw new CommandException(ExitCode.WrongInput, "--root-url and --root-file both declare the root source: give one of them"),
            ({ } url, _) => RootSourceDeclaration.Of(
                Sources.Root.RootSource.From(name, url, kinds, parsed.GetRequiredValue(RootBranch), parsed.GetRequiredValue(RootPath))),
            (_, { } file) => RootSourceDeclaration.InFile(file, name, kinds),
            _ => null,
        };
    }

    private static OperatorSettings Settings(ParseResult parsed, KubernetesConnection connection, RootSourceDeclaration? root) => new()
    {
        Connection = connection,
        Logging = logging => ProgramLog.Configure(logging, parsed.GetValue(JsonLog)),
        LeaderElection = parsed.GetValue(LeaderElect)
            ? new LeaderElectionOptions(WellKnown.SystemNamespace, "portcullis-operator", parsed.GetRequiredValue(Identity))
            : null,
        ParallelRequests = parsed.GetValue(ParallelRequests),
        KeepsDefinitions = parsed.GetValue(ApplyKinds),
        TrustedAppliers = parsed.GetValue(TrustedAppliers) ?? [],
        AllowUndeclared = parsed.GetValue(AllowUndeclared),
        Scans = new ScanOptions { Advisories = parsed.GetValue(Advisories), Store = Path.Combine(parsed.GetRequiredValue(Cache), "components.db") },
        Health = Everywhere(parsed.GetValue(HealthPort)),
        Metrics = Everywhere(parsed.GetValue(MetricsPort)),
        Admission = parsed.GetRequiredValue(Admission) switch
        {
            "none" => null,
            var way => new AdmissionOptions
            {
                Port = parsed.GetValue(AdmissionPort),
                Edits = EditsOf(parsed),
                Service = way == "service" ? parsed.GetRequiredValue(AdmissionService) : null,
                OwnImages = parsed.GetValue(OwnImages) ?? [],
                UnjudgedNamespaces = parsed.GetValue(UnjudgedNamespaces) ?? [],
            },
        },
        Sources = new GitSourcesOptions
        {
            RootSource = parsed.GetRequiredValue(RootSource),
            Root = root,
            CacheFolder = parsed.GetRequiredValue(Cache),
            AllowLocal = parsed.GetValue(AllowLocal),
            ReceiverPort = parsed.GetValue(ReceiverPort) is > 0 and var port ? port : null,
        },
    };

    private static void Check(OptionResult result, Option<string[]> option, Func<string, bool> isLegal, string problem)
    {
        foreach (var value in (result.GetValue(option) ?? []).Where(v => !isLegal(v)))
        {
            result.AddError($"{option.Name}: {value} {problem}");
        }
    }

    private static EditPolicy EditsOf(ParseResult parsed) => Enum.Parse<EditPolicy>(parsed.GetRequiredValue(Edits));

    private static ListenAddress? Everywhere(int port) => port > 0 ? ListenAddress.Everywhere(port) : null;

    private static string DefaultIdentity() =>
        Environment.GetEnvironmentVariable("POD_NAME") is { Length: > 0 } pod ? pod : $"{Environment.MachineName}-{Environment.ProcessId}";
}
