using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.Quotas;

/// <summary>
/// Refuses what would exceed a ResourceQuota of the namespace. Use is counted from the store at each question, with what is promised
/// to creates under way, so it is exact; <c>status.used</c> is for people, and is kept by <c>QuotaController</c>.
/// </summary>
internal sealed class ResourceQuotaPlugin(IObjectStore store, QuotaLedger ledger) : IAdmissionPlugin
{
    private static readonly string[] MustBeStated =
        ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

    public ValueTask MutateAsync(AdmissionAttributes request, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ValidateAsync(AdmissionAttributes request, CancellationToken cancellationToken)
    {
        if (request.Object is { } value && Concerns(request))
        {
            var quotas = store.List(PolicyKinds.ResourceQuota, request.Attributes.Namespace);
            if (quotas.Count > 0)
            {
                Check(request, value, quotas);
            }
        }

        return ValueTask.CompletedTask;
    }

    private static bool Concerns(AdmissionAttributes request) => request.Attributes.Namespace.Length > 0 && request.Operation switch
    {
        "CREATE" => request.Attributes.Subresource.Length == 0,
        "UPDATE" => request.Resource is { Group: "", Plural: "pods" or "services" or "persistentvolumeclaims" } &&
            request.Attributes.Subresource is "" or "resize",
        _ => false,
    };

    private void Check(AdmissionAttributes request, JsonObject value, IReadOnlyList<StoredObject> quotas)
    {
        var usage = QuotaUsage.Of(request.Resource, value);
        var before = request.OldObject is { } old ? QuotaUsage.Of(request.Resource, old) : [];
        var key = new ObjectKey(request.Attributes.Namespace, Denial.NameOf(request));
        lock (ledger.Checking)
        {
            var counts = false;
            ledger.Forget(request.Resource, key);
            foreach (var quota in quotas)
            {
                var scopes = QuotaScopes.Read(quota.Object);
                var hard = ResourceAmounts.Read(quota.Object.Object("spec").Object("hard"));
                if (scopes.Match(request.Resource, value))
                {
                    CheckStated(request, value, quota, hard);
                    counts |= CheckOne(request, quota, hard, usage, before, scopes);
                }
            }

            if (counts && request is { DryRun: false, Operation: "CREATE" })
            {
                ledger.Add(request.Resource, key, usage, scopes => scopes.Match(request.Resource, value));
            }
        }
    }

    /// <summary>True when the object uses something that this quota bounds.</summary>
    private bool CheckOne(
        AdmissionAttributes request,
        StoredObject quota,
        SortedDictionary<string, Quantity> hard,
        SortedDictionary<string, Quantity> usage,
        SortedDictionary<string, Quantity> before,
        QuotaScopes scopes)
    {
        var requested = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var name in hard.Keys)
        {
            var delta = usage.GetValueOrDefault(name).Minus(before.GetValueOrDefault(name));
            if (delta > Quantity.Zero)
            {
                requested[name] = delta;
            }
        }

        if (requested.Count == 0)
        {
            return false;
        }

        var used = QuotaUsage.Total(store, request.Attributes.Namespace, requested.Keys, scopes);
        ledger.AddTo(used, request.Attributes.Namespace, scopes);
        var exceeded = requested.Keys.Where(name => used[name].Plus(requested[name]) > hard[name]).ToHashSet(StringComparer.Ordinal);
        if (exceeded.Count > 0)
        {
            string Text(SortedDictionary<string, Quantity> amounts) => ResourceAmounts.Text(amounts.Where(pair => exceeded.Contains(pair.Key)));
            throw Denial.Forbidden(
                request, $"exceeded quota: {quota.Key.Name}, requested: {Text(requested)}, used: {Text(used)}, limited: {Text(hard)}");
        }

        return true;
    }

    /// <summary>Where computing is bounded, each container must state how much it needs: what is not stated cannot be counted.</summary>
    private static void CheckStated(AdmissionAttributes request, JsonObject value, StoredObject quota, SortedDictionary<string, Quantity> hard)
    {
        if (!PodTemplates.IsPod(request.Resource) || request.Operation != "CREATE")
        {
            return;
        }

        var missing = new List<string>();
        foreach (var name in hard.Keys.Where(name => MustBeStated.Contains(name, StringComparer.Ordinal)))
        {
            var (which, resource) = name.Split('.') is [var list, var rest] ? (list, rest) : ("requests", name);
            var spec = value.Object("spec");
            var silent = PodTemplates.Containers(spec, "containers").Concat(PodTemplates.Containers(spec, "initContainers"))
                .Where(container => !ResourceAmounts.Of(container, which).ContainsKey(resource))
                .Select(PodTemplates.Name)
                .Order(StringComparer.Ordinal)
                .ToList();
            if (silent.Count > 0)
            {
                missing.Add($"{name} for: {string.Join(',', silent)}");
            }
        }

        if (missing.Count > 0)
        {
            throw Denial.Forbidden(request, $"failed quota: {quota.Key.Name}: must specify {string.Join("; ", missing)}");
        }
    }
}
