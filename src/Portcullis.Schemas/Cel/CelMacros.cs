namespace Portcullis.Schemas.Cel;

/// <summary>Calls that are syntax: <c>has</c>, the comprehensions with one and two variables, <c>optMap</c>, <c>optFlatMap</c>, <c>sortBy</c>.</summary>
internal static class CelMacros
{
    /// <summary>The macro, or null when the call is an ordinary one.</summary>
    public static CelNode? Expand(CelPosition position, string name, CelNode? target, List<CelNode> arguments)
    {
        if (target is null)
        {
            return name == "has" && arguments.Count == 1 ? Has(position, arguments[0]) : null;
        }

        return (name, arguments.Count) switch
        {
            ("all", 2 or 3) => Make(CelMacroKind.All, arguments.Count - 1, condition: arguments[^1], result: null),
            ("exists", 2 or 3) => Make(CelMacroKind.Exists, arguments.Count - 1, arguments[^1], null),
            ("exists_one" or "existsOne", 2) => Make(CelMacroKind.ExistsOne, 1, arguments[1], null),
            ("existsOne", 3) => Make(CelMacroKind.ExistsOne, 2, arguments[2], null),
            ("map", 2) => Make(CelMacroKind.Map, 1, null, arguments[1]),
            ("map", 3) => Make(CelMacroKind.Map, 1, arguments[1], arguments[2]),
            ("filter", 2) => Make(CelMacroKind.Filter, 1, arguments[1], null),
            ("transformList", 3) => Make(CelMacroKind.Map, 2, null, arguments[2]),
            ("transformList", 4) => Make(CelMacroKind.Map, 2, arguments[2], arguments[3]),
            ("transformMap", 3) => Make(CelMacroKind.TransformMap, 2, null, arguments[2]),
            ("transformMap", 4) => Make(CelMacroKind.TransformMap, 2, arguments[2], arguments[3]),
            ("transformMapEntry", 3) => Make(CelMacroKind.TransformMapEntry, 2, null, arguments[2]),
            ("transformMapEntry", 4) => Make(CelMacroKind.TransformMapEntry, 2, arguments[2], arguments[3]),
            ("optMap", 2) => Make(CelMacroKind.OptMap, 1, null, arguments[1]),
            ("optFlatMap", 2) => Make(CelMacroKind.OptFlatMap, 1, null, arguments[1]),
            ("sortBy", 2) => Make(CelMacroKind.SortBy, 1, null, arguments[1]),
            _ => null,
        };

        CelMacro Make(CelMacroKind kind, int variables, CelNode? condition, CelNode? result) =>
            new(position, kind, target, [.. arguments.Take(variables).Select(Variable)], condition, result);
    }

    private static CelSelect Has(CelPosition position, CelNode argument) => argument is CelSelect { Optional: false, TestOnly: false } select
        ? new CelSelect(position, select.Operand, select.Field, optional: false, testOnly: true)
        : throw new CelSyntaxException(argument.Position, "invalid argument to has() macro");

    private static string Variable(CelNode argument) => argument is CelIdentifier identifier
        ? identifier.Name
        : throw new CelSyntaxException(argument.Position, "argument must be a simple name");
}
