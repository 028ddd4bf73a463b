using System.Text.Json.Nodes;
using Portcullis.Schemas.Cel;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.Webhooks;

/// <summary>
/// The <c>matchConditions</c> of a webhook: CEL over <c>object</c>, <c>oldObject</c> and <c>request</c>; the webhook is called when all
/// are true. <c>authorizer</c> is not offered: an expression that uses it does not compile, so its configuration is refused.
/// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-matchconditions
/// </summary>
internal sealed class WebhookConditions
{
    private static readonly string[] Variables = ["object", "oldObject", "request"];
    private readonly List<(string Name, CelProgram? Program, string? Error)> _conditions = [];

    public static WebhookConditions Parse(JsonNode? webhook)
    {
        var conditions = new WebhookConditions();
        foreach (var condition in webhook.Array("matchConditions") ?? [])
        {
            var (program, error) = CelProgram.Compile(condition.String("expression") ?? "", Variables);
            conditions._conditions.Add((condition.String("name") ?? "", program, error));
        }

        return conditions;
    }

    /// <summary>What is wrong with an expression; null when it can be used.</summary>
    public static string? Problem(string expression) =>
        CelProgram.Compile(expression, Variables).Error is { } error ? $"compilation failed: {error}" : null;

    /// <summary>
    /// Is the webhook called for this request? One false condition excludes it, whatever the others do; one that cannot be evaluated is left to
    /// <c>failurePolicy</c>.
    /// </summary>
    public bool Hold(SelectedWebhook selected, AdmissionAttributes request)
    {
        if (_conditions.Count == 0)
        {
            return true;
        }

        var inputs = Inputs(selected, request);
        var errors = new List<string>();
        foreach (var (name, program, error) in _conditions)
        {
            var outcome = program?.Evaluate(inputs);
            switch (outcome?.Verdict)
            {
                case false:
                    return false;
                case null:
                    errors.Add($"expression of match condition '{name}' resulted in error: {error ?? outcome?.Error ?? "not a boolean"}");
                    break;
            }
        }

        return errors.Count == 0 || (selected.Webhook.IgnoresFailure ? false : throw Denial.Forbidden(request, string.Join(", ", errors)));
    }

    private static Dictionary<string, JsonNode?> Inputs(SelectedWebhook selected, AdmissionAttributes request)
    {
        var question = AdmissionReviewMessage.Write(request, selected.Version, "").Object("request")!;
        var inputs = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var name in (string[])["object", "oldObject"])
        {
            var value = question[name];
            _ = question.Remove(name);
            inputs[name] = value;
        }

        inputs["request"] = question;
        return inputs;
    }
}
