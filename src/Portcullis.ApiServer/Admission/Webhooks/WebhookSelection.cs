using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.Webhooks;

/// <summary>A webhook to call, and the version of the kind that it is sent.</summary>
internal sealed record SelectedWebhook(Webhook Webhook, string Version);

/// <summary>
/// Which webhooks concern a request, in calling order: configurations by name, webhooks as listed. Webhook configurations themselves
/// are never shown to webhooks, or a broken one could not be removed.
/// </summary>
internal sealed class WebhookSelection(ApiResource configurations, IObjectStore store, IKindDirectory kinds)
{
    // Stored objects never change, so each version of a configuration is parsed once.
    private readonly ConditionalWeakTable<JsonObject, IReadOnlyList<Webhook>> _parsed = [];

    public IReadOnlyList<SelectedWebhook> For(AdmissionAttributes request)
    {
        if (request.Resource.Group == "admissionregistration.k8s.io" &&
            request.Resource.Plural is "mutatingwebhookconfigurations" or "validatingwebhookconfigurations")
        {
            return [];
        }

        var stored = store.List(configurations);
        if (stored.Count == 0)
        {
            return [];
        }

        var selected = new List<SelectedWebhook>();
        foreach (var configuration in stored)
        {
            foreach (var webhook in _parsed.GetValue(configuration.Object, Parse))
            {
                if (VersionFor(webhook, request) is { } version && Selects(webhook, request))
                {
                    selected.Add(new SelectedWebhook(webhook, version));
                }
            }
        }

        return selected;
    }

    private static IReadOnlyList<Webhook> Parse(JsonObject configuration) => [.. (configuration.Array("webhooks") ?? []).Select(Webhook.Parse)];

    /// <summary>The request's own version, else (matchPolicy Equivalent) one that the rules name and that the kind is served in.</summary>
    private string? VersionFor(Webhook webhook, AdmissionAttributes request)
    {
        var matching = webhook.Rules.Where(rule => rule.Matches(request)).ToList();
        var version = request.Resource.Version;
        if (matching.Exists(rule => rule.MatchesVersion(version)))
        {
            return version;
        }

        return webhook.IsExact
            ? null
            : matching.SelectMany(rule => rule.Versions)
                .FirstOrDefault(other => kinds.Find((request.Resource with { Version = other }).ApiVersion, request.Resource.Kind) is not null);
    }

    private bool Selects(Webhook webhook, AdmissionAttributes request)
    {
        if (webhook.NamespaceSelector is { Count: > 0 } selector && NamespaceOf(request) is { } @namespace &&
            !SelectorMatch.Matches(selector, SelectorMatch.LabelsOf(@namespace)))
        {
            return false;
        }

        return webhook.ObjectSelector is not { Count: > 0 } objects ||
            (request.Object is { } value && SelectorMatch.Matches(objects, SelectorMatch.LabelsOf(value))) ||
            (request.OldObject is { } old && SelectorMatch.Matches(objects, SelectorMatch.LabelsOf(old)));
    }

    /// <summary>Null for cluster-scoped objects, which every namespace selector lets through; a Namespace stands for itself.</summary>
    private JsonObject? NamespaceOf(AdmissionAttributes request)
    {
        if (request.Resource is { Group: "", Plural: "namespaces" })
        {
            return request.Object ?? request.OldObject;
        }

        return request.Resource.Namespaced
            ? store.Get(PolicyKinds.Namespace, ObjectKey.Cluster(request.Attributes.Namespace))?.Object ?? []
            : null;
    }
}
