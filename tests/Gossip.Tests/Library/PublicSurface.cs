using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gossip.Tests.Library;

/// <summary>What can a user of an assembly call? A line per public member, in order.</summary>
internal static class PublicSurface
{
    private static readonly NullabilityInfoContext Nullability = new();

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) => string.Join('\n', assembly.GetExportedTypes()
        .Where(type => !IsGenerated(type))
        .OrderBy(type => type.FullName, StringComparer.Ordinal)
        .Select(Describe)) + "\n";

    private static string Describe(Type type)
    {
        var members = type.GetMembers(Declared)
            .Where(member => IsVisible(member) && !IsGenerated(member))
            .Select(member => $"    {Describe(member)}")
            .Distinct()
            .Order(StringComparer.Ordinal);
        return string.Join('\n', members.Prepend($"{KindOf(type)} {NameOf(type)}{BasesOf(type)}"));
    }

    private static string KindOf(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string BasesOf(Type type)
    {
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var bases = type.GetInterfaces().Except(inherited)
            .Select(NameOf)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType)
        {
            bases.Insert(0, NameOf(parent));
        }

        return bases.Count == 0 ? "" : $" : {string.Join(", ", bases)}";
    }

    private static string Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({ParametersOf(constructor)})",
        MethodInfo method => $"{Modifiers(method)}{NameOf(method.ReturnType)}"
            + $"{Mark(Nullability.Create(method.ReturnParameter).ReadState)} {method.Name}"
            + $"{(method.IsGenericMethod ? $"`{method.GetGenericArguments().Length}" : "")}"
            + $"({ParametersOf(method)})",
        PropertyInfo property => $"{Modifiers(property.GetMethod!)}{NameOf(property.PropertyType)}"
            + $"{Mark(Nullability.Create(property).ReadState)} {property.Name} "
            + $"{{ get; {SetterOf(property)}}}",
        FieldInfo { IsLiteral: true } field when field.DeclaringType!.IsEnum =>
            $"{field.Name} = {field.GetRawConstantValue()}",
        FieldInfo { IsLiteral: true } field =>
            $"const {NameOf(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}",
        FieldInfo field => $"{NameOf(field.FieldType)} {field.Name}",
        EventInfo happening => $"event {NameOf(happening.EventHandlerType!)} {happening.Name}",
        Type nested => $"{KindOf(nested)} {nested.Name}",
        _ => member.ToString()!,
    };

    private static string SetterOf(PropertyInfo property) => property.SetMethod switch
    {
        { IsPublic: true } set when set.ReturnParameter.GetRequiredCustomModifiers()
            .Contains(typeof(IsExternalInit)) => "init; ",
        { IsPublic: true } => "set; ",
        _ => "",
    };

    private static string Modifiers(MethodInfo method) =>
        (method.IsStatic ? "static " : "")
        + (method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "")
        + (method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract "
            : method is { IsVirtual: true, IsFinal: false } && !method.DeclaringType!.IsInterface
                ? "virtual "
                : "");

    private static string ParametersOf(MethodBase method) => string.Join(
        ", ",
        method.GetParameters().Select(p =>
            $"{NameOf(p.ParameterType)}{Mark(Nullability.Create(p).WriteState)} {p.Name}"
            + $"{(p.HasDefaultValue ? " = …" : "")}"));

    private static string Mark(NullabilityState state) =>
        state == NullabilityState.Nullable ? "?" : "";

    private static string NameOf(Type type)
    {
        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!)}[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return NameOf(value);
        }

        var name = type.IsNested && !type.IsGenericParameter
            ? $"{NameOf(type.DeclaringType!)}.{type.Name}"
            : type.Namespace?.StartsWith("Gossip", StringComparison.Ordinal) == true
                && !type.IsGenericParameter
                ? type.FullName!.Split('[')[0]
                : type.Name;
        var arguments = type.GetGenericArguments().Select(NameOf);
        return type.IsGenericType
            ? $"{name.Split('`')[0]}<{string.Join(", ", arguments)}>"
            : name;
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => !method.IsSpecialName | method is ConstructorInfo
            && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
            && method is not ConstructorInfo { IsStatic: true },
        PropertyInfo { GetMethod: { } get } =>
            get.IsPublic || get.IsFamily || get.IsFamilyOrAssembly,
        FieldInfo { IsSpecialName: false } field => field.IsPublic || field.IsFamily,
        Type nested => nested.IsNestedPublic,
        EventInfo => true,
        _ => false,
    };

    /// <summary>What the compiler adds to every record says nothing new.</summary>
    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute), false)
        || member.Name is "PrintMembers" or "EqualityContract" or "Deconstruct" or "ToString"
            or "Equals" or "GetHashCode" or "<Clone>$";
}
