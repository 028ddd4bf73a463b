using System.Text;
using Portcullis.Core.Signing;

namespace Portcullis.Signing;

/// <summary>An explanation as lines for people.</summary>
internal static class SigningExplanationText
{
    private const int OutcomeWidth = 9;

    /// <param name="explanation">The explanation.</param>
    /// <param name="namespace">Where the image is to run; null when no place was asked about.</param>
    public static string Of(TrustExplanation explanation, string? @namespace)
    {
        var text = new StringBuilder();
        text.Append($"{explanation.Image}\n");
        foreach (var step in explanation.Steps)
        {
            text.Append($"  {Words(step.Outcome),-OutcomeWidth}{step.Subject}: {step.Message}\n");
        }

        foreach (var warning in explanation.Warnings)
        {
            text.Append($"  warning  {warning}\n");
        }

        text.Append(explanation switch
        {
            { Mode: SigningMode.Off } => $"no SigningPolicy covers it {(@namespace is null ? "anywhere" : $"in the namespace {@namespace}")}: it may run\n",
            { Digest: { } digest } => $"satisfies {Names(explanation)}: it runs as {digest}\n",
            { Mode: SigningMode.Audit } => $"does not satisfy {Names(explanation)}, which only audits: it may run\n  {explanation.Reason}\n",
            _ => $"does not satisfy {Names(explanation)}: it may not run{(@namespace is null ? " where that holds" : "")}\n  {explanation.Reason}\n",
        });
        return text.ToString();
    }

    private static string Names(TrustExplanation explanation) => $"SigningPolicy {string.Join(", ", explanation.Policies)}";

    private static string Words(SigningOutcome outcome) => outcome switch
    {
        SigningOutcome.Passed => "ok",
        SigningOutcome.Failed => "failed",
        SigningOutcome.Unknown => "unknown",
        _ => "",
    };
}
