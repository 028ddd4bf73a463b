using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Admission;

/// <summary>
/// Defaults and checks of LimitRange itself: a container's default limit is its maximum, its default request its default limit or
/// its minimum (kubernetes pkg/apis/core/v1 defaults, validation.ValidateLimitRange).
/// </summary>
internal sealed class LimitRangeRules : IKindRule
{
    public bool AppliesTo(ApiResource resource) => resource is { Group: "", Plural: "limitranges" };

    public void ApplyDefaults(JsonObject value)
    {
        foreach (var item in value.Object("spec").Array("limits")?.OfType<JsonObject>() ?? [])
        {
            if (item.String("type") == "Container")
            {
                FillIn(item, "default", "max");
                FillIn(item, "defaultRequest", "default");
                FillIn(item, "defaultRequest", "min");
            }
        }
    }

    public IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old)
    {
        var errors = new List<FieldError>();
        var items = value.Object("spec").Array("limits") ?? [];
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is JsonObject item)
            {
                ValidateItem(item, $"spec.limits[{i}]", errors);
            }
        }

        return errors;
    }

    private static void ValidateItem(JsonObject item, string path, List<FieldError> errors)
    {
        if (item.String("type") == "Pod")
        {
            foreach (var field in (string[])["default", "defaultRequest"])
            {
                if (item.Object(field) is { Count: > 0 })
                {
                    errors.Add(new FieldError("FieldValueForbidden", $"{path}.{field}", "Forbidden: may not be specified when `type` is 'Pod'"));
                }
            }
        }

        Compare(item, path, "min", "min", "max", "min value {0} is greater than max value {1}", errors);
        Compare(item, path, "defaultRequest", "min", "defaultRequest", "min value {0} is greater than default request value {1}", errors);
        Compare(item, path, "defaultRequest", "defaultRequest", "max", "default request value {0} is greater than max value {1}", errors);
        Compare(item, path, "defaultRequest", "defaultRequest", "default", "default request value {0} is greater than default limit value {1}", errors);
        Compare(item, path, "default", "min", "default", "min value {0} is greater than default value {1}", errors);
        Compare(item, path, "default", "default", "max", "default value {0} is greater than max value {1}", errors);
        foreach (var (name, ratio) in ResourceAmounts.Read(item.Object("maxLimitRequestRatio")))
        {
            if (ratio < Quantity.Of(1))
            {
                errors.Add(Invalid($"{path}.maxLimitRequestRatio[{name}]", ratio, $"ratio {ratio} is less than 1"));
            }
        }
    }

    private static void Compare(
        JsonObject item, string path, string shown, string small, string large, string message, List<FieldError> errors)
    {
        var smaller = ResourceAmounts.Read(item.Object(small));
        var larger = ResourceAmounts.Read(item.Object(large));
        foreach (var (name, amount) in smaller)
        {
            if (larger.TryGetValue(name, out var bound) && amount > bound)
            {
                var text = message
                    .Replace("{0}", amount.ToString(), StringComparison.Ordinal)
                    .Replace("{1}", bound.ToString(), StringComparison.Ordinal);
                errors.Add(Invalid($"{path}.{shown}[{name}]", shown == large ? bound : amount, text));
            }
        }
    }

    private static void FillIn(JsonObject item, string target, string source)
    {
        foreach (var (name, amount) in item.Object(source) ?? [])
        {
            if (item.Object(target) is not { } list)
            {
                item[target] = list = [];
            }

            if (!list.ContainsKey(name))
            {
                list[name] = amount?.DeepClone();
            }
        }
    }

    private static FieldError Invalid(string path, Quantity value, string message) =>
        new("FieldValueInvalid", path, $"Invalid value: \"{value}\": {message}");
}
