using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Admission.PodSecurity;
using Portcullis.ApiServer.Admission.Quotas;
using Portcullis.ApiServer.Admission.Rbac;
using Portcullis.ApiServer.Admission.Webhooks;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Controllers;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Reviews;
using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer;

/// <summary>
/// The policy half of the API, wired: who asks, whether he may, what is done to a write on its way, and what the server does by
/// itself. Made before the write path (which needs the plugins); started with it once it stands.
/// </summary>
internal sealed class PolicyParts : IAsyncDisposable
{
    private readonly IObjectStore _store;
    private readonly IKindDirectory _kinds;
    private readonly TimeProvider _time;
    private readonly string _caCertificatePem;
    private readonly WebhookClient _webhooks;
    private readonly ServiceAccountKey _signer;
    private ControllerHost? _controllers;

    public PolicyParts(string stateFolder, X509Certificate2 authority, IObjectStore store, IKindDirectory kinds, TimeProvider time)
    {
        _store = store;
        _kinds = kinds;
        _time = time;
        _caCertificatePem = authority.ExportCertificatePem();
        _webhooks = new WebhookClient(time);
        _signer = ServiceAccountKey.FromFile(Path.Combine(stateFolder, "service-account.key"));

        var index = RbacIndex.Of(store);
        var rbac = new RbacAuthorizer(index);
        Authorizer = rbac;
        StaticTokens = new StaticTokens(stateFolder);
        var accountTokens = new ServiceAccountTokens(_signer, store, time);
        var tokens = new TokenAuthenticators(StaticTokens, accountTokens);
        Authenticator = new RequestAuthenticator(new ClientCertificateAuthenticator(authority, time), tokens);
        Impersonator = new Impersonator(rbac);
        Plugins = PluginsInOrder(new EscalationCheck(rbac, index));
        VirtualResources =
        [
            AccessReview.OfAnybody(rbac), AccessReview.InNamespace(rbac), AccessReview.OfSelf(rbac), new SelfSubjectRulesReview(rbac),
            new SelfSubjectReview(time), new TokenReview(tokens), new TokenRequest(accountTokens, store, time),
        ];
    }

    public RbacAuthorizer Authorizer { get; }

    public RequestAuthenticator Authenticator { get; }

    public Impersonator Impersonator { get; }

    /// <summary>Makes the tokens of the kubeconfigs that the server writes.</summary>
    public StaticTokens StaticTokens { get; }

    /// <summary>In kube-apiserver's order.</summary>
    public IReadOnlyList<IAdmissionPlugin> Plugins { get; }

    public IReadOnlyList<IVirtualResource> VirtualResources { get; }

    public static IReadOnlyList<IKindRule> KindRules { get; } =
        [new RbacRules(), new WebhookConfigurationRules(), new LimitRangeRules(), new ResourceQuotaRules()];

    /// <summary>Furnishes the cluster, then lets the controllers run.</summary>
    public async Task StartAsync(IResourceOperations operations, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        await new Bootstrap(_store, operations).RunAsync(cancellationToken);
        _controllers = new ControllerHost(
            [
                new NamespaceContents(_store, operations, _caCertificatePem),
                new NamespaceDeletion(_store, _kinds, operations, _time),
                new GarbageCollector(_store, _kinds, operations),
                new RoleAggregation(_store, operations),
                new QuotaController(_store, operations),
                new EventExpiry(_store, _time),
            ],
            _store,
            _time,
            loggers);
        _controllers.Start();
    }

    /// <summary>Call before the store is closed: the controllers write to it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_controllers is not null)
        {
            await _controllers.DisposeAsync();
        }

        _webhooks.Dispose();
        _signer.Dispose();
    }

    private IReadOnlyList<IAdmissionPlugin> PluginsInOrder(EscalationCheck escalation) =>
    [
        escalation,
        new NamespaceLifecycle(_store),
        new LimitRanger(_store),
        new ServiceAccountPlugin(_store),
        new PodSecurityPlugin(_store),
        new PodDefaultsPlugin(_store),
        new MutatingWebhooks(_webhooks, _store, _kinds),
        new ValidatingWebhooks(_webhooks, _store, _kinds),
        new ResourceQuotaPlugin(_store, new QuotaLedger(_store, _time)),
    ];
}
