namespace Portcullis.Objects.Reconciliation;

/// <summary>Something wrong, as conditions, Events and validation report it.</summary>
/// <param name="Reason">A word that a program may branch on, a constant of its noun.</param>
/// <param name="Field">The path of the field to change (<c>spec.role</c>); empty when it is no field's fault.</param>
/// <param name="Message">What is wrong and what to do, for people.</param>
public sealed record Problem(string Reason, string Field, string Message)
{
    /// <summary>How many problems one message lists.</summary>
    private const int Listed = 5;

    /// <summary><c>field: message</c>, or the message alone.</summary>
    public override string ToString() => Field.Length == 0 ? Message : $"{Field}: {Message}";

    /// <summary>Several in one line; after a few, how many more there are.</summary>
    public static string Join(IReadOnlyCollection<Problem> problems)
    {
        var text = string.Join("; ", problems.Take(Listed));
        return problems.Count <= Listed ? text : $"{text}; and {problems.Count - Listed} more";
    }
}
