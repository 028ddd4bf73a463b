using System.Globalization;

namespace Portcullis.Schemas.Cel;

/// <summary>
/// What an expression costs at worst, from the sizes its schema allows (cel-go checker/cost.go, Kubernetes' library/cost.go): a server refuses rules that could
/// cost too much, so that <c>maxItems</c>, <c>maxLength</c> and <c>maxProperties</c> must bound what a rule walks. Where cel-go's own accounting is finer, this
/// errs low: what is refused here is refused there.
/// </summary>
internal static class CelCostEstimate
{
    /// <summary>apiextensions' StaticEstimatedCostLimit: one rule, however often it may run.</summary>
    public const double RuleLimit = 10_000_000;

    /// <summary>apiextensions' StaticEstimatedCRDCostLimit: all rules of one schema.</summary>
    public const double SchemaLimit = 100_000_000;

    private const double PerCharacter = 0.1;
    private const double PerPatternCharacter = 0.25;
    private const double MaxRequest = 3 * 1024 * 1024;

    public static double Of(CelNode node)
    {
        switch (node)
        {
            case CelIdentifier { TypeValue: null }:
                return 1;
            case CelSelect { TypeValue: null } select:
                return Of(select.Operand) + (select.TestOnly ? 0 : 1);
            case CelCall call:
                return Call(call);
            case CelListLiteral list:
                return 10 + list.Items.Sum(Of);
            case CelMapLiteral map:
                return 30 + map.Entries.Sum(e => Of(e.Key) + Of(e.Value));
            case CelMacro macro:
                return Loop(macro);
            default:
                return 0;
        }
    }

    /// <summary>The server's words for a cost above a limit.</summary>
    public static string Describe(string what, double cost, double limit)
    {
        var factor = cost / limit;
        var text = factor > 100 ? "more than 100x" : factor < 1.5 ? factor.ToString("F6", CultureInfo.InvariantCulture) + "x" : factor.ToString("F1", CultureInfo.InvariantCulture) + "x";
        return $"{what} exceeds budget by factor of {text} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }

    private static double Call(CelCall call)
    {
        var operands = call.Operands;
        if (call.Function == "_?_:_")
        {
            return Of(operands[0]) + Math.Max(Of(operands[1]), Of(operands[2]));
        }

        var arguments = operands.Sum(Of);
        if (call.Function is "_&&_" or "_||_")
        {
            return arguments;
        }

        return arguments + call.Function switch
        {
            "matches" or "find" or "findAll" => Math.Ceiling((Size(operands[0]) + 1) * PerCharacter) * Math.Ceiling(Size(operands[1]) * PerPatternCharacter),
            "contains" => Math.Ceiling(Size(operands[0]) * PerCharacter) * Math.Ceiling(Size(operands[1]) * PerCharacter),
            "startsWith" or "endsWith" => Math.Ceiling(Size(operands[1]) * PerCharacter),
            "_==_" or "_!=_" or "_<_" or "_<=_" or "_>_" or "_>=_" => Math.Max(1, Math.Ceiling(operands.Min(Size) * PerCharacter)),
            "@in" => operands[1].Type.Kind == CelKind.List ? Size(operands[1]) : 1,
            "_+_" when call.Type.Kind is CelKind.String or CelKind.Bytes => Math.Ceiling(operands.Sum(Size) * PerCharacter),
            "isSorted" or "sum" or "min" or "max" or "indexOf" or "lastIndexOf" when operands[0].Type.Kind == CelKind.List => Size(operands[0]),
            "sets.contains" or "sets.intersects" => Size(operands[0]) * Size(operands[1]),
            "sets.equivalent" => 2 * Size(operands[0]) * Size(operands[1]),
            "indexOf" or "lastIndexOf" or "lowerAscii" or "upperAscii" or "replace" or "split" or "substring" or "trim" or "strings.quote" or "url" or "isURL" or "quantity" or "isQuantity"
                or "ip" or "isIP" or "cidr" or "isCIDR" or "semver" or "isSemver" => Math.Max(1, Math.Ceiling(Size(operands[0]) * PerCharacter)),
            _ => 1,
        };
    }

    private static double Loop(CelMacro macro)
    {
        var range = Of(macro.Range);
        if (macro.Kind is CelMacroKind.OptMap or CelMacroKind.OptFlatMap)
        {
            return range + (macro.Result is { } then ? Of(then) : 0);
        }

        // Each step reads the accumulator; building a list makes one of one item and joins it on.
        var step = (macro.Condition is { } condition ? Of(condition) : 0) + (macro.Result is { } result ? Of(result) : 0) + macro.Kind switch
        {
            CelMacroKind.All or CelMacroKind.Exists => 3,
            CelMacroKind.ExistsOne => 2,
            _ => 12,
        };
        return range + 1 + (Size(macro.Range) * step);
    }

    /// <summary>The most characters or members that a node's value may have.</summary>
    private static double Size(CelNode node)
    {
        switch (node)
        {
            case CelLiteral { Value: string text }:
                return text.Length;
            case CelLiteral:
                return 1;
            case CelListLiteral list:
                return list.Items.Count;
            case CelMapLiteral map:
                return map.Entries.Count;
            case CelMacro macro when macro.Type.Kind is CelKind.List or CelKind.Map:
                return Size(macro.Range);
            case CelIdentifier or CelSelect:
                return Known(node.Type);
            case CelCall { Function: "_?_:_" } call:
                return Math.Max(Size(call.Operands[1]), Size(call.Operands[2]));
            case CelCall { Function: "_+_" } call:
                return call.Operands.Sum(Size);
            case CelCall { Function: "_[_]" or "_[?_]" or "orValue" or "value" }:
                return Known(node.Type);
            case CelCall call when node.Type.Kind is CelKind.String or CelKind.Bytes or CelKind.List or CelKind.Map:
                return call.Operands.Count == 0 ? 1 : call.Operands.Max(Size);
            default:
                return 1;
        }
    }

    private static double Known(CelType type) => type.Kind switch
    {
        CelKind.String or CelKind.Bytes or CelKind.List or CelKind.Map or CelKind.Dyn => Math.Min(type.MaxSize, MaxRequest),
        CelKind.Optional => Known(type.Parameters[0]),
        _ => 1,
    };
}
