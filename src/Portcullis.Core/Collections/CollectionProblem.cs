namespace Portcullis.Core.Collections;

/// <summary>
/// Something wrong with one collection. What is in force stays the strictest reading; <see cref="Waits"/> says that time may heal it
/// without any change of the collection.
/// </summary>
public sealed record CollectionProblem(string Reason, string Field, string Message, bool Waits = false)
{
    public Problem ToProblem() => new(Reason, Field, Message);
}
