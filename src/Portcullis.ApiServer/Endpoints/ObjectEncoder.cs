using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Resources;
using Portcullis.ApiServer.Tables;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Endpoints;

/// <summary>Writes objects and lists in the shape the client asked for: as they are, as a Table, or metadata only.</summary>
internal sealed class ObjectEncoder(TableWriter tables)
{
    public Task ObjectAsync(HttpContext context, Operation operation, Representation representation, int code, JsonObject value)
    {
        if (representation.Shape is AnswerShape.Object or AnswerShape.Discovery || value.String("kind") == "Status")
        {
            return Answer.WriteAsync(context, code, value, representation);
        }

        var shaped = representation.Shape == AnswerShape.Table
            ? tables.Table(operation, [value], Metadata.Of(value).String("resourceVersion") ?? "", null, null)
            : PartialMetadata.Of(value);
        return Answer.WriteAsync(context, code, shaped);
    }

    public Task ListAsync(HttpContext context, Operation operation, Representation representation, ObjectPage page)
    {
        var version = page.Version.ToString(CultureInfo.InvariantCulture);
        if (representation.Shape == AnswerShape.Table)
        {
            return Answer.WriteAsync(context, 200, tables.Table(operation, [.. page.Items], version, page.Continue, page.Remaining));
        }

        var metadataOnly = representation.Shape == AnswerShape.Metadata;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Answer.Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", metadataOnly ? "PartialObjectMetadataList" : operation.Resource.ListKind);
            writer.WriteString("apiVersion", metadataOnly ? "meta.k8s.io/v1" : operation.Resource.ApiVersion);
            writer.WritePropertyName("metadata");
            PartialMetadata.OfList(version, page.Continue, page.Remaining).WriteTo(writer);
            writer.WriteStartArray("items");
            foreach (var stored in page.Stored)
            {
                if (!metadataOnly && ObjectPolicy.IsServedAsStored(page.Kind, stored))
                {
                    stored.WriteTo(writer, operation.Kind.IsCustom);
                    continue;
                }

                var item = ObjectPolicy.FromStorage(page.Kind, stored.Object);
                WriteItem(writer, metadataOnly ? PartialMetadata.Of(item) : item, withType: operation.Kind.IsCustom || metadataOnly);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return representation.MediaType == "application/yaml"
            ? Answer.WriteAsync(context, 200, KubernetesJson.Parse(buffer.WrittenSpan)!, representation)
            : Answer.WriteAsync(context, 200, "application/json", buffer.WrittenMemory);
    }

    /// <summary>Items of a built-in list have neither kind nor version; custom ones do.</summary>
    private static void WriteItem(Utf8JsonWriter writer, JsonObject item, bool withType)
    {
        if (withType)
        {
            item.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var (name, member) in item)
        {
            if (name is "kind" or "apiVersion")
            {
                continue;
            }

            writer.WritePropertyName(name);
            if (member is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }
}
