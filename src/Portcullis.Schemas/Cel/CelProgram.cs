using System.Text.Json.Nodes;

namespace Portcullis.Schemas.Cel;

/// <summary>The result of an expression: a JSON value, or why there is none.</summary>
public readonly record struct CelOutcome(JsonNode? Value, string? Error)
{
    /// <summary>The verdict of a boolean expression; null when it failed or gave something else.</summary>
    public bool? Verdict => Error is null && Value is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;
}

/// <summary>
/// A checked CEL expression, ready to be evaluated any number of times from any thread. Used for CRD rules (typed by the schema) and for
/// admission's matchConditions (variables of any type). <c>CelLibrary</c> lists which parts of the language are here; the rest does not compile.
/// </summary>
public sealed class CelProgram
{
    /// <summary>celconfig.PerCallLimit: what one evaluation may cost.</summary>
    public const long PerCallLimit = 1_000_000;

    private readonly CelNode _root;
    private readonly IReadOnlyList<KeyValuePair<string, CelType>> _variables;
    private readonly int _slots;

    private CelProgram(CelNode root, IReadOnlyList<KeyValuePair<string, CelType>> variables, CelChecker checker)
    {
        _root = root;
        _variables = variables;
        _slots = checker.Slots;
        Uses = checker.Used;
    }

    internal CelNode Root => _root;

    internal CelType Type => _root.Type;

    /// <summary>The variables it reads.</summary>
    internal IReadOnlySet<string> Uses { get; }

    /// <summary>Compiles an expression over variables of any type; the error is shown as Kubernetes shows it.</summary>
    public static (CelProgram? Program, string? Error) Compile(string expression, IEnumerable<string> variables) =>
        Compile(expression, [.. variables.Select(v => KeyValuePair.Create(v, CelType.Dyn))]);

    internal static (CelProgram? Program, string? Error) Compile(string expression, IReadOnlyList<KeyValuePair<string, CelType>> variables)
    {
        var issues = new CelIssues(expression);
        try
        {
            var root = CelParser.Parse(expression);
            var checker = new CelChecker(issues, variables);
            checker.Check(root);
            return issues.Any ? (null, issues.ToString()) : (new CelProgram(root, variables, checker), null);
        }
        catch (CelSyntaxException e)
        {
            issues.Add(e.Position, e.Message);
            return (null, issues.ToString());
        }
    }

    /// <summary>Evaluates with JSON inputs; a variable that is not among them is an error where it is used.</summary>
    public CelOutcome Evaluate(IReadOnlyDictionary<string, JsonNode?> inputs, long costLimit = PerCallLimit)
    {
        var slots = new object?[_slots];
        for (var i = 0; i < _variables.Count; i++)
        {
            slots[i] = inputs.TryGetValue(_variables[i].Key, out var node) ? CelJson.ToValue(node, _variables[i].Value) : CelEvaluator.Absent;
        }

        var (value, _) = Run(slots, costLimit);
        if (value is CelFault fault)
        {
            return new CelOutcome(null, fault.Message);
        }

        var json = CelJson.ToJson(value, out var ok);
        return ok ? new CelOutcome(json, null) : new CelOutcome(null, $"a value of type {CelConversions.Of(value)} has no JSON form");
    }

    /// <summary>Evaluates with values in the order of the variables; a spent budget is a fault that costs more than the limit.</summary>
    internal (object? Value, long Cost) Run(ReadOnlySpan<object?> variables, long costLimit)
    {
        var slots = new object?[_slots];
        variables[..Math.Min(variables.Length, _slots)].CopyTo(slots);
        var evaluator = new CelEvaluator(slots, costLimit);
        try
        {
            return (evaluator.Evaluate(_root), evaluator.Cost);
        }
        catch (CelBudgetException e)
        {
            return (new CelFault(e.Message), evaluator.Cost);
        }
    }
}
