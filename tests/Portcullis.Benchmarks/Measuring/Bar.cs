using System.Globalization;
using System.Text.Json.Nodes;

namespace Portcullis.Benchmarks.Measuring;

/// <summary>One promise and what became of it: <c>gitops vs kubectl: 6.1x (bar: at least 4) pass</c>.</summary>
internal sealed record Bar
{
    public required string Name { get; init; }

    /// <summary>Null: it could not be measured, which counts as not met.</summary>
    public required double? Value { get; init; }

    public required string Unit { get; init; }

    public required double Limit { get; init; }

    public required bool AtLeast { get; init; }

    /// <summary>What lies behind the figure: medians and spreads.</summary>
    public string Behind { get; init; } = "";

    public string? NotRun { get; init; }

    public bool IsMet => Value is { } value && (AtLeast ? value >= Limit : value <= Limit);

    public string Line => Value is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{Name}: {Text(value)}{Unit} (bar: {(AtLeast ? "at least" : "at most")} {Limit:0.##}{Unit.Trim('x')}) {(IsMet ? "pass" : "MISSED")}{(Behind.Length > 0 ? "   " + Behind : "")}")
        : $"{Name}: not run: {NotRun}";

    public static Bar AtMost(string name, double value, double limit, string unit, string behind = "") =>
        new() { Name = name, Value = value, Limit = limit, Unit = unit, AtLeast = false, Behind = behind };

    public static Bar AtLeastOf(string name, double value, double limit, string unit, string behind = "") =>
        new() { Name = name, Value = value, Limit = limit, Unit = unit, AtLeast = true, Behind = behind };

    public static Bar Missing(string name, string reason) =>
        new() { Name = name, Value = null, Limit = 0, Unit = "", AtLeast = true, NotRun = reason };

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["value"] = Value,
        ["unit"] = Unit,
        ["limit"] = Limit,
        ["atLeast"] = AtLeast,
        ["met"] = IsMet,
        ["behind"] = Behind,
        ["notRun"] = NotRun,
    };

    private static string Text(double value) => value.ToString(value < 10 ? "0.##" : "0.#", CultureInfo.InvariantCulture);
}
