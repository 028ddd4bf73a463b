using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Signing;

/// <summary>Which images may run, by whom they were signed.</summary>
public sealed record SigningPolicy : Resource<SigningPolicySpec, SigningPolicyStatus>, IResource<SigningPolicy>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "SigningPolicy", "signingpolicies", false)
    {
        ShortNames = ["sign"],
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<SigningPolicy> JsonType => SigningJsonContext.Default.SigningPolicy;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "The teams that must have signed an image before it may run, and where that holds.",
        Columns =
        [
            new PrinterColumn("Mode", ".spec.mode"),
            new PrinterColumn("Workloads", ".status.impact.workloads", "integer"),
            new PrinterColumn("Refused", ".status.impact.refused", "integer"),
            new PrinterColumn("Teams", ".spec.required[*].team", Priority: 1),
            new PrinterColumn("Enforced", ".status.enforcedSince", "date", 1),
        ],
    })
    {
        Rules = [new SigningPolicyRule()],
        Claims = one => SigningClaims.Of(TypedObject.Read<SigningPolicy>(one.Value).Spec),
    };
}
