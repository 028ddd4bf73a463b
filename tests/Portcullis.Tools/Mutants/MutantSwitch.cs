namespace Portcullis.Tools.Mutants;

/// <summary>
/// The source that is compiled into the assembly under test: every mutant is in it, and a number says which one is at work. So one build
/// serves all of them.
/// </summary>
internal static class MutantSwitch
{
    public const string TypeName = "Portcullis.Core.MutantSwitch";

    public const string Source = """
        namespace Portcullis.Core
        {
            public static class MutantSwitch
            {
                /// <summary>The mutant at work; 0 for none.</summary>
                public static int Active;

                /// <summary>Where each mutant that is come by leaves its mark; null when nobody asks.</summary>
                public static bool[]? Seen;

                public static bool Is(int id)
                {
                    if (Seen is { } seen)
                    {
                        seen[id] = true;
                    }

                    return Active == id;
                }
            }
        }
        """;

    public static string Call(int id) => $"global::{TypeName}.Is({id})";
}
