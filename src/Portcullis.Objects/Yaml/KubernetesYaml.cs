using System.Text.Json.Nodes;

namespace Portcullis.Objects.Yaml;

/// <summary>
/// YAML as Kubernetes reads and writes it (sigs.k8s.io/yaml over go-yaml v2): the YAML 1.1 core types, so that an unquoted
/// <c>y</c>, <c>n</c>, <c>yes</c>, <c>no</c>, <c>on</c> or <c>off</c> is a boolean, <c>0o17</c> and <c>017</c> are 15 and <c>1_000</c> is 1000;
/// timestamps stay strings; keys that are numbers or booleans become strings. Stricter where kubectl silently loses data:
/// duplicate keys, a merge key that would override an earlier key, and values JSON cannot hold are errors.
/// </summary>
public static class KubernetesYaml
{
    /// <summary>
    /// Reads every document of a stream. Documents are cut at lines that begin with <c>---</c>, as kubectl does, so that an error
    /// in one leaves the others readable. A document that begins with <c>{</c> is tried as JSON first. Empty documents are skipped. Never throws.
    /// </summary>
    public static YamlStream Read(ReadOnlySpan<byte> utf8, YamlLimits? limits = null)
    {
        limits ??= YamlLimits.Default;
        if (utf8.Length > limits.MaxBytes)
        {
            return Refused(new YamlPosition(1, 1), $"the file has {utf8.Length} bytes; at most {limits.MaxBytes} are read");
        }

        if (TextCheck.FirstFault(utf8) is { } fault)
        {
            return Refused(fault.Position, fault.Message);
        }

        var documents = new List<YamlDocument>();
        var errors = new List<YamlError>();
        var splitter = new DocumentSplitter(utf8);
        var budget = new ValueBudget(limits);
        while (errors.Count < limits.MaxErrors && !budget.IsSpent && splitter.Next(out var chunk, out var firstLine))
        {
            if (!JsonDocumentReader.TryRead(chunk, firstLine, limits, budget, documents, errors))
            {
                new YamlNodeReader(chunk, firstLine, limits, budget).ReadAll(documents, errors);
            }
        }

        return new YamlStream(documents, errors);
    }

    /// <summary>
    /// Writes block style as <c>kubectl -o yaml</c> does (lists not indented, <c>|</c> for several lines, quotes only where the text would read
    /// back as something else), members in their present order. Long lines are not folded. Reading it back gives an equal value.
    /// </summary>
    public static string Write(JsonNode? node) => YamlWriter.Write(node);

    private static YamlStream Refused(YamlPosition position, string message) => new([], [new YamlError(position, message)]);
}
