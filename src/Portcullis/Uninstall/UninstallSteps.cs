using System.Text.Json.Nodes;
using Portcullis.Bootstrap;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Objects.Json;

namespace Portcullis.Uninstall;

/// <summary>
/// The steps, in an order that never refuses a pod and never lets a running operator put back what is gone:
/// <list type="number">
/// <item>its rights, so that it does not matter whether it still runs, where, and for how long;</item>
/// <item>the webhooks, of which some fail closed, before those who answer them;</item>
/// <item>the workloads;</item>
/// <item>access before guardrails, as everywhere: what narrows goes first;</item>
/// <item>finalizers, then CRDs, then what is left of the installation.</item>
/// </list>
/// </summary>
internal static class UninstallSteps
{
    /// <summary>Selects the workloads of config/ and their pods.</summary>
    internal const string OwnWorkloads = "app.kubernetes.io/name=portcullis";

    public static IReadOnlyList<IRemovalStep> Of(InstalledCluster cluster, UninstallOptions options)
    {
        var definitions = new OwnDefinitions(cluster);
        return
        [
            new DeletionStep(
                "bindings that give operator, gateway and agents their rights",
                cluster,
                new OwnKind(ClusterKinds.ClusterRoleBinding, null, GivesOurRights),
                new OwnKind(ClusterKinds.RoleBinding, null, GivesOurRights)),
            new DeletionStep(
                "webhook configurations",
                cluster,
                new OwnKind(ClusterKinds.MutatingWebhook, WellKnown.Labels.ManagedSelector, _ => true),
                new OwnKind(ClusterKinds.ValidatingWebhook, WellKnown.Labels.ManagedSelector, _ => true)),
            new DeletionStep(
                "workloads of operator, gateway and agents",
                cluster,
                new OwnKind(ClusterKinds.Deployment, OwnWorkloads, _ => true) { Namespace = WellKnown.SystemNamespace },
                new OwnKind(ClusterKinds.DaemonSet, OwnWorkloads, _ => true) { Namespace = WellKnown.SystemNamespace }),
            .. Access(cluster, options),
            .. Guardrails(cluster, options),
            new MarkStep(cluster, options),
            new FinalizerStep(cluster, definitions),
            new DefinitionStep(definitions, options),
            new DeletionStep("ClusterRoles of the installation", cluster, new OwnKind(ClusterKinds.ClusterRole, null, r => InstalledRights.RoleNames.Contains(OwnObjects.NameOf(r)))),
            new PodStep(cluster, options),
            new NamespaceStep(cluster, options),
        ];
    }

    /// <summary>To our accounts, or to a ClusterRole that goes: one of the same name could be made later by somebody else.</summary>
    private static bool GivesOurRights(JsonObject binding) =>
        OwnObjects.IsForOurAccountsOnly(binding)
        || (binding.Object("roleRef").String("kind") == ClusterKinds.ClusterRole.Kind && InstalledRights.RoleNames.Contains(binding.Object("roleRef").String("name") ?? ""));

    private static IEnumerable<IRemovalStep> Access(InstalledCluster cluster, UninstallOptions options) => options.KeepAccess
        ? []
        :
        [
            new DeletionStep("RoleBindings of Grants", cluster, new OwnKind(ClusterKinds.RoleBinding, WellKnown.Labels.ManagedSelector, OwnObjects.IsGranted)),
            new DeletionStep("ClusterRoles that Grants bind", cluster, new OwnKind(ClusterKinds.ClusterRole, WellKnown.Labels.ManagedSelector, OwnObjects.IsRole)),
        ];

    private static IEnumerable<IRemovalStep> Guardrails(InstalledCluster cluster, UninstallOptions options) => options.KeepGuardrails
        ? []
        :
        [
            new DeletionStep(
                "quotas, limits and network policies of Collections",
                cluster,
                [.. GuardrailObjects.Kinds.Select(k => new OwnKind(k, WellKnown.Labels.ManagedSelector, OwnObjects.IsGuardrail))]),
        ];
}
