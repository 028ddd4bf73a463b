using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Core.Kinds;
using Portcullis.Core.Versions;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Cel;
using Portcullis.Schemas.Patterns;

namespace Portcullis.Tools.Fuzzing;

/// <summary>Small languages: what is compiled, and what is only read.</summary>
internal static class LanguageTargets
{
    private static readonly string[] Variables = ["object", "oldObject", "request"];

    /// <summary>An expression, and the object that it is about.</summary>
    public static void Cel(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        var (program, error) = CelProgram.Compile(parts[0], Variables);
        FuzzTargets.Expect((program is null) != (error is null), "neither compiled nor refused");
        if (program is null)
        {
            return;
        }

        JsonNode? value = null;
        try
        {
            value = KubernetesJson.Parse(Encoding.UTF8.GetBytes(parts[1]));
        }
        catch (JsonException)
        {
        }

        var inputs = new Dictionary<string, JsonNode?>(StringComparer.Ordinal) { ["object"] = value, ["oldObject"] = null, ["request"] = new JsonObject { ["operation"] = "CREATE" } };
        FuzzTargets.Expect(program.Evaluate(inputs).Error == program.Evaluate(inputs).Error, "evaluated twice in two ways");
    }

    /// <summary>A pattern of a schema, and the text that it is matched with.</summary>
    public static void Pattern(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        var compiled = Re2.TryCompile(parts[0], out var regex, out var error);
        FuzzTargets.Expect(compiled ? regex is not null : error is not null, "neither compiled nor refused");
        if (compiled)
        {
            _ = regex!.IsMatch(parts[1]);
        }
    }

    public static void Versions(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        var range = VersionRange.Parse(parts[0]);
        foreach (var line in parts[1].Split('\n').Take(50))
        {
            if (SemanticVersion.Parse(line) is { } version)
            {
                FuzzTargets.Expect(version.CompareTo(version) == 0, "a version is not equal to itself");
                _ = range?.Contains(version);
            }
        }
    }

    /// <summary>Quantities, durations, sizes, globs, names and their nearest, each line one.</summary>
    public static void Values(byte[] input)
    {
        var lines = Encoding.UTF8.GetString(input).Split('\n').Take(50).ToList();
        foreach (var line in lines)
        {
            if (Quantity.Parse(line) is { } quantity)
            {
                FuzzTargets.Expect(Quantity.Parse(quantity.ToString()) is { } again && again.CompareTo(quantity) == 0, $"{line} is written as {quantity}, which is something else");
            }

            _ = KubernetesDuration.Parse(line);
            _ = ByteSize.Parse(line);
            _ = EngineVersion.TryParse(line, out _);
            _ = ObjectNames.IsSubdomain(line) || ObjectNames.IsLabelKey(line);
            _ = Spelling.Nearest(line, lines);
            FuzzTargets.Expect(!Glob.Covers(line, lines[0]) || Glob.Overlap(line, lines[0]), "covers what it does not overlap");
            FuzzTargets.Expect(Glob.Overlap(line, lines[0]) == Glob.Overlap(lines[0], line), "overlaps one way alone");
        }
    }
}
