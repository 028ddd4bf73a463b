using System.Text.Json.Nodes;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Admission;

/// <summary>
/// What a built-in kind demands beyond its schema: defaults that depend on other fields, and the checks of the real API's strategy
/// (RBAC kinds, webhook configurations, quotas, limit ranges). Violations are answered with 422 after mutating admission.
/// </summary>
internal interface IKindRule
{
    bool AppliesTo(ApiResource resource);

    /// <summary>Fills in defaults of a decoded object, before admission.</summary>
    void ApplyDefaults(JsonObject value);

    /// <summary>Every violation; <paramref name="old"/> is what is stored now, null on create.</summary>
    IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old);
}
