using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Gossip.Tests;

/// <summary>
/// What does the code of a namespace touch: in signatures, and inside method bodies?
/// </summary>
internal static class References
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(c => c.Value);

    private static readonly ConcurrentDictionary<string, string[]> Cache = new();

    /// <summary>
    /// Lines such as <c>Type.Method -> System.IO.File.ReadAllText</c>, each once.
    /// </summary>
    public static string[] Of(Assembly assembly, string ns) =>
        Cache.GetOrAdd($"{assembly.FullName}|{ns}", _ =>
        [
            .. assembly.GetTypes().Where(t => IsIn(t, ns)).SelectMany(OfType).Distinct(),
        ]);

    /// <summary>The lines whose target is, or lies in, one of these names.</summary>
    public static string[] To(IEnumerable<string> references, params string[] names) =>
    [
        .. references.Where(r => names.Any(n => Target(r) == n
            || Target(r).StartsWith(n + ".", StringComparison.Ordinal))),
    ];

    private static string Target(string reference) => reference[(reference.IndexOf("-> ",
        StringComparison.Ordinal) + 3)..];

    // A nested type has its outermost type's namespace: closures and iterators are covered.
    private static bool IsIn(Type type, string ns) => type.Namespace == ns
        || type.Namespace?.StartsWith(ns + ".", StringComparison.Ordinal) == true;

    private static IEnumerable<string> OfType(Type type)
    {
        var targets = new HashSet<string>();
        AddType(targets, type.BaseType);
        Array.ForEach(type.GetInterfaces(), i => AddType(targets, i));
        Array.ForEach(type.GetFields(Declared), f => AddType(targets, f.FieldType));
        var own = targets.Select(t => $"{type.FullName} -> {t}");
        MethodBase[] methods = [.. type.GetMethods(Declared), .. type.GetConstructors(Declared)];
        return own.Concat(methods.SelectMany(m =>
            OfMethod(m).Select(t => $"{type.FullName}.{m.Name} -> {t}")));
    }

    private static HashSet<string> OfMethod(MethodBase method)
    {
        var targets = new HashSet<string>();
        AddSignature(targets, method);
        if (method.GetMethodBody() is not { } body)
        {
            return targets;
        }

        foreach (var local in body.LocalVariables)
        {
            AddType(targets, local.LocalType);
        }

        foreach (var clause in body.ExceptionHandlingClauses
            .Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause))
        {
            AddType(targets, clause.CatchType);
        }

        foreach (var member in Tokens(body.GetILAsByteArray()!).Select(t => Resolve(method, t)))
        {
            AddMember(targets, member, method);
        }

        return targets;
    }

    private static void AddMember(HashSet<string> targets, MemberInfo member, MethodBase user)
    {
        if (IsOfIterator(user, member))
        {
            return;
        }

        AddType(targets, member as Type ?? member.DeclaringType);
        if (member is FieldInfo field)
        {
            AddType(targets, field.FieldType);
        }
        else if (member is MethodBase called)
        {
            AddSignature(targets, called);
            targets.Add($"{called.DeclaringType?.FullName}.{called.Name}");
        }
    }

    // The compiler's iterators remember which thread made them; no one wrote that.
    private static bool IsOfIterator(MethodBase user, MemberInfo called) =>
        called.Name == "get_CurrentManagedThreadId"
        && user.DeclaringType!.IsDefined(typeof(CompilerGeneratedAttribute), false);

    private static void AddSignature(HashSet<string> targets, MethodBase method)
    {
        AddType(targets, (method as MethodInfo)?.ReturnType);
        Array.ForEach(method.GetParameters(), p => AddType(targets, p.ParameterType));
        if (method.IsGenericMethod)
        {
            Array.ForEach(method.GetGenericArguments(), a => AddType(targets, a));
        }
    }

    private static void AddType(HashSet<string> targets, Type? type)
    {
        while (type is { HasElementType: true })
        {
            type = type.GetElementType();
        }

        if (type is null or { IsGenericParameter: true })
        {
            return;
        }

        Array.ForEach(type.GenericTypeArguments, a => AddType(targets, a));
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        targets.Add((definition.FullName ?? definition.Name).Split('`')[0].Replace('+', '.'));
    }

    private static MemberInfo Resolve(MethodBase method, int token) => method.Module.ResolveMember(
        token,
        method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null)!;

    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            short value = il[at++];
            if (value == 0xfe)
            {
                value = (short)(0xfe00 | il[at++]);
            }

            var kind = Codes[value].OperandType;
            if (kind is OperandType.InlineField or OperandType.InlineMethod
                or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return BitConverter.ToInt32(il, at);
            }

            at += kind switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI
                    or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
                _ => 4,
            };
        }
    }
}
