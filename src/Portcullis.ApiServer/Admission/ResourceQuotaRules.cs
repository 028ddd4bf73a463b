using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;
using static Portcullis.ApiServer.Admission.KindFieldErrors;

namespace Portcullis.ApiServer.Admission;

/// <summary>Checks of ResourceQuota itself (kubernetes validation.ValidateResourceQuotaSpec).</summary>
internal sealed class ResourceQuotaRules : IKindRule
{
    public bool AppliesTo(ApiResource resource) => resource is { Group: "", Plural: "resourcequotas" };

    public void ApplyDefaults(JsonObject value)
    {
        // A quota has none.
    }

    public IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old)
    {
        var errors = new List<FieldError>();
        foreach (var (name, amount) in value.Object("spec").Object("hard") ?? [])
        {
            var path = $"spec.hard[{name}]";
            if (!QuotaResource.IsName(name))
            {
                errors.Add(Invalid(path, $"\"{name}\"", "must be a standard resource for quota"));
            }

            if (Quantity.Parse(amount) is { } quantity && quantity < Quantity.Zero)
            {
                errors.Add(Invalid(path, $"\"{quantity}\"", "must be greater than or equal to 0"));
            }
        }

        errors.AddRange(QuotaScopeRules.Validate(value.Object("spec")));
        if (old is not null && !JsonNode.DeepEquals(value.Object("spec")?["scopes"], old.Object("spec")?["scopes"]))
        {
            errors.Add(Invalid("spec.scopes", KubernetesJson.ToText(value.Object("spec")?["scopes"]), "field is immutable"));
        }

        return errors;
    }
}
