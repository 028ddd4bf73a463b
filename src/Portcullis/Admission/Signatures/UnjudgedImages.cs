using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Signing;
using Portcullis.Core.Signing.Workloads;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Admission.Signatures;

/// <summary>
/// What runs without signatures, as everybody can read it in the webhook configurations: the program's own image in its own namespace, without which no
/// copy of it could start once all have stopped, and namespaces of Kubernetes itself that the operator's start names.
/// </summary>
internal sealed class UnjudgedImages(KubernetesClient client, AdmissionOptions options)
{
    private IReadOnlyList<string> _digests = options.OwnImages;

    public IReadOnlyList<string> Namespaces => options.UnjudgedNamespaces;

    /// <summary>
    /// Holds for every object that must be judged. The API server evaluates it: an own pod starts also while no copy of the operator answers.
    /// </summary>
    public MatchCondition Condition => new("not-our-own-image", _digests.Count == 0
        ? "true"
        : $"request.namespace != '{WellKnown.SystemNamespace}' || object == null || ![{PodSpec}].all(s, {OwnOf("containers")} && {OwnOf("initContainers")}"
            + $" && {OwnOf("ephemeralContainers")} && (!has(s.volumes) || s.volumes.all(v, !has(v.image))))");

    /// <summary>The pod of this process, by its name, names its image by digest or has none that counts. Without the right to read it there is none either.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("POD_NAME") is not { Length: > 0 } name)
        {
            return;
        }

        try
        {
            if (await client.GetAsync(ClusterKinds.Pod, new ObjectKey(WellKnown.SystemNamespace, name), cancellationToken) is { } pod)
            {
                pod["kind"] ??= ClusterKinds.Pod.Kind;
                _digests = [.. options.OwnImages.Concat(DigestsOf(pod)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            }
        }
        catch (KubernetesApiException e) when (e.IsForbidden)
        {
            // An older config/rbac: what --own-image names counts.
        }
    }

    private const string PodSpec =
        "request.resource.resource == 'pods' ? object.spec : request.resource.resource == 'podtemplates' ? object.template.spec"
        + " : request.resource.resource == 'cronjobs' ? object.spec.jobTemplate.spec.template.spec : object.spec.template.spec";

    private string OwnOf(string list) =>
        $"(!has(s.{list}) || s.{list}.all(c, has(c.image) && [{string.Join(", ", _digests.Select(d => $"'@{d}'"))}].exists(d, c.image.endsWith(d))))";

    private static IEnumerable<string> DigestsOf(JsonObject pod) => WorkloadImages.NamesOf(pod).Select(i => ImageName.TryParse(i)?.Digest).OfType<string>();
}
