using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Objects.Json;

namespace Portcullis.Declarations;

/// <summary>How the status of an object says that it is declared no longer: what was confirmed is taken back, and the condition Declared is False.</summary>
internal static class WithdrawnDeclaration
{
    /// <summary>A merge patch (RFC 7386) of the status.</summary>
    public static JsonObject Status(string message, DateTimeOffset now) => new()
    {
        ["declared"] = null,
        ["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = ConditionTypes.Declared,
            ["status"] = ConditionTypes.False,
            ["reason"] = Reasons.NotDeclared,
            ["message"] = message,
            ["lastTransitionTime"] = KubernetesJson.Time(now),
        }),
    };
}
