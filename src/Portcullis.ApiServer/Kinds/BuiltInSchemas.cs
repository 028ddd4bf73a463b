namespace Portcullis.ApiServer.Kinds;

/// <summary>The descriptions of the built-in types, read once.</summary>
internal static class BuiltInSchemas
{
    public static readonly SchemaText Text = SchemaText.Load();
}
